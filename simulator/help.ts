/** The page that `--help` prints. */
export const HELP = `A Kupe API on this machine, for trying the action without touching a real cluster.

  node dist/simulator/index.js [options]

What there is
  --port N               where to listen on 127.0.0.1; 0 is any free port (8080)
  --tenant NAME          the tenant (acme)
  --cluster NAME         a cluster; give it several times for several (production)
  --cluster-version V    the version the clusters start with; none is no desired version (1.31)
  --no-limits            the clusters start without limits: resources is {}
  --admin-key KEY        API key that may change things (kupe_sim_admin_0123456789)
  --readonly-key KEY     API key that may only look (kupe_sim_readonly_0123456789)

How long things take
  --upgrade-start TIME   from a change of version to phase Upgrading (3s)
  --upgrade TIME         how long the upgrade then takes (20s)
  --scale TIME           how long a change of resources takes; the phase stays Running (5s)
  --create TIME          from POST to Running: Pending for a tenth of it, then Provisioning (20s)
  --delete TIME          how long a cluster is Terminating after DELETE (5s)
  --status-writes TIME   how often the operator writes metrics, which moves the ETag (never)
  --lag FIELD=TIME       how far a field is behind in every answer; give it several times for several. FIELD is
                         phase, generation, observedGeneration or kubernetesVersion
  --replica TIME         a replica that far behind; given several times, they take turns at reads of a cluster

What kind of server it is
  --older-server         neither generation nor observedGeneration
  --text-generations     both as texts: "7"
  --generation-moves F   the fields whose change moves the generation: version,resources,alerts or none (all)
  --early-generation     observedGeneration is stamped right after a change, before anything was done
  --no-versions          no status.kubernetesVersion
  --etag STYLE           quoted, bare, weak or none (quoted)
  --resources MODE       PATCH does merge or replace resources (merge)
  --alerts MODE          the same for alerts (merge)
  --conflict STATUS      how an outdated If-Match is refused: 412, or 409 "the object has been modified" (412)
  --refuse-while-busy    PATCH is answered 409 "another operation is in progress" while one is
  --require-limits       POST must set limits for cpu and memory
  --rate-limit N/TIME    at most N requests in TIME, then 429

What goes wrong
  --fate FATE            what the next change comes to; give it several times for several. One of
                         ok, rolled-back, rolled-back-desired, degraded, degraded-heals, degraded-blip, stuck,
                         unknown-phase, no-phase, no-status, upgrade-stays-running
  --fault METHOD:N:WHAT  what happens to the Nth request of METHOD (* is any), N being 3, or 3-5, or 3-; WHAT is a
                         status, delay=TIME, hang, reset, cut, stall, empty, html, page=STATUS, bom, gzip,
                         stale=TIME, old-object or drop=FIELD,FIELD. With +applied a request that gets no answer,
                         or another one, takes effect all the same:
                         --fault GET:3:503   --fault PATCH:1:reset+applied   --fault '*:2-:drop=alerts,status.phase'

  --log                  a line for every request
  --help                 this page

TIME is a number with a unit: 250ms, 20s, 5m.
`
