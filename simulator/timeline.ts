interface Appointment {
  due: number
  order: number
  run: () => void
}

/** What is to happen when, without timers: everything due is done, in order of time, as soon as somebody looks. */
export class Timeline {
  /** The moment being lived through: while something overdue runs, the time it was due at. */
  time: number
  private readonly now: () => number
  private appointments: Appointment[] = []
  private made = 0
  private advancing = false

  constructor(now: () => number) {
    this.now = now
    this.time = now()
  }

  schedule(due: number, run: () => void): void {
    this.made += 1
    this.appointments.push({ due, order: this.made, run })
  }

  advance(): void {
    // What runs here may itself touch the simulator; it must then see its own moment, not the present.
    if (this.advancing) return
    this.advancing = true
    try {
      const now = this.now()
      for (let next = this.takeNext(now); next !== undefined; next = this.takeNext(now)) {
        this.time = Math.max(this.time, next.due)
        next.run()
      }
      this.time = Math.max(this.time, now)
    } finally {
      this.advancing = false
    }
  }

  private takeNext(now: number): Appointment | undefined {
    const due = this.appointments.filter((appointment) => appointment.due <= now)
    const next = due.sort((a, b) => a.due - b.due || a.order - b.order)[0]
    if (next !== undefined) this.appointments = this.appointments.filter((appointment) => appointment !== next)
    return next
  }
}
