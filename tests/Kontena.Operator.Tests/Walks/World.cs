using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Tests.Clouds;
using Kontena.TestKit;
using Kontena.TestKit.MemoryApi;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Tests.Walks;

/// <summary>An API server, a cloud, a clock, one operator at a time, and everything that may go wrong between them. Single-threaded; nothing in it is left to chance.</summary>
internal sealed class World : IDisposable
{
    public const string Namespace = "shop";
    public const string Installation = "inst-1";
    public const string CredentialKey = "accessKeyID";

    /// <summary>More work than this without any time passing never ends.</summary>
    private const int Restless = 3000;

    private readonly List<Trouble> troubles = [];
    private readonly List<(Side Side, bool Before, int Skip)> holds = [];
    private readonly HashSet<string> copies = [];
    private int lives;

    /// <param name="initialSize">Initial members of the grid that every pool joins; null: no grid.</param>
    public World(bool keyed, int? initialSize, List<string>? story)
    {
        (Story, HasGrid) = (story, initialSize is not null);
        Api = new MemoryApi(Time) { CollectsGarbage = true };
        Cloud = new FakeCloud(Time)
        {
            Promises = new DriverPromises(keyed, TimeSpan.FromMinutes(1), 16384),
            BootsFor = TimeSpan.FromSeconds(7),
            EndsIn = TimeSpan.FromSeconds(11),
            ShowsEndedFor = TimeSpan.FromMinutes(5),
        };
        Cloud.Firewalls = new FakeFirewalls(Cloud, Time);
        Wire = new Wire(this, Time);
        Witness = new Witness(this);
        GridWitness = new GridWitness(this);
        Realm = new Realm(this) { InitialSize = initialSize ?? 1 };
        Cloud.Made = Witness.Made;
        Api.Changed = Witness.Changed;
        Logs = new ErrorLogs(this);
        Furnish();
        foreach (var kind in WatchedKinds) Api.HoldWatches(kind);
        Revive();
    }

    public static IReadOnlyList<string> WatchedKinds { get; } = ["nodepools.kontena.io", "kontenanodes.kontena.io", "configmaps", "grids.kontena.io"];

    public ManualTime Time { get; } = new();

    public MemoryApi Api { get; }

    public FakeCloud Cloud { get; }

    public Wire Wire { get; }

    public Witness Witness { get; }

    public GridWitness GridWitness { get; }

    /// <summary>The Kontena Master; nobody asks it in a walk without a grid.</summary>
    public Realm Realm { get; }

    public bool HasGrid { get; }

    public ILoggerFactory Logs { get; }

    public Statistics Statistics { get; } = new();

    /// <summary>Null where nobody will read it.</summary>
    public List<string>? Story { get; }

    public bool TellsReads { get; init; }

    /// <summary>The first thing that must not be.</summary>
    public string? Violation { get; private set; }

    public Life Life { get; private set; } = null!; // revived in the constructor

    public TroubleKind LastTrouble { get; private set; }

    public bool CloudIsDown { get; set; }

    public bool ApiIsDown { get; set; }

    public bool MasterIsDown { get; set; }

    /// <summary>Kinds whose watches deliver nothing.</summary>
    public HashSet<string> Frozen { get; } = [];

    public void Violate(string what) => Violation ??= $"{Clock}: {what}";

    public string Clock => (Time.GetUtcNow() - new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).ToString(@"hh\:mm\:ss\.f", null);

    /// <summary>Made by this installation, not a copy of something that was, nor given up by a human.</summary>
    public bool IsOurs(Machine machine) => machine.Marks is { Installation: Installation } marks && !copies.Contains(machine.ProviderId) && !Witness.IsGivenUp(marks.NodeUid);

    /// <summary>Machines that the operator told people of as nobody's.</summary>
    public HashSet<string> Reported { get; } = [];

    public void IsCopy(string providerId) => copies.Add(providerId);

    public IReadOnlyCollection<string> Copies => copies;

    public void Add(Trouble trouble, int times)
    {
        trouble.Left = times;
        troubles.Add(trouble);
    }

    public void AddHold(Side side, bool before, int skip) => holds.Add((side, before, skip));

    public Exception? TakeTrouble(CallSite call, bool afterEffect)
    {
        if (!afterEffect && IsDown(call.Side)) return Fault(new Trouble(call.Side, null, TroubleKind.Unreachable), call);
        if (troubles.Find(t => t.AfterEffect == afterEffect && t.Hits(call)) is not { } trouble) return null;
        trouble.Left--;
        return Fault(trouble, call);
    }

    public bool TakeHold(CallSite call, bool beforeEffect)
    {
        var at = holds.FindIndex(h => h.Side == call.Side && h.Before == beforeEffect);
        if (at < 0) return false;
        if (holds[at].Skip > 0)
        {
            holds[at] = holds[at] with { Skip = holds[at].Skip - 1 };
            return false;
        }
        holds.RemoveAt(at);
        return true;
    }

    public void ClearTrouble()
    {
        troubles.Clear();
        holds.Clear();
        Frozen.Clear();
        CloudIsDown = ApiIsDown = MasterIsDown = false;
        foreach (var call in Life.Crossing.Held.ToList()) Life.Do(() => Life.Crossing.LetGo(call));
    }

    /// <summary>One thing that may happen now does; <paramref name="choice"/> says which.</summary>
    /// <returns>False where nothing can happen before time passes.</returns>
    public bool Turn(int choice, bool withHeld = true)
    {
        var kinds = WatchedKinds.Where(k => !Frozen.Contains(k) && Api.IsHeldBack(k)).ToList();
        var held = withHeld ? Life.Crossing.Held.Count : 0;
        var count = Life.Ready.Count + kinds.Count + held;
        if (count == 0) return false;
        var at = choice % count;
        if (at < Life.Ready.Count) Life.Begin(Life.Ready.ElementAt(at));
        else if ((at -= Life.Ready.Count) < kinds.Count) Life.Do(() => Api.DeliverHeld(kinds[at], 1 + choice / 64 % 4));
        else Life.Do(() => Life.Crossing.LetGo(Life.Crossing.Held[at - kinds.Count]));
        return true;
    }

    /// <summary>All that can happen without time passing happens; calls that hang go on hanging.</summary>
    public void Settle(int order)
    {
        for (var turns = 0; Violation is null && Turn(order = Mix(order), withHeld: false); turns++)
            if (turns > Restless) Violate("the operator does not come to rest: it works on and on while no time passes");
    }

    public void Advance(TimeSpan by, int order)
    {
        var end = Time.GetUtcNow() + by;
        while (Violation is null && Time.GetUtcNow() < end)
        {
            var next = Time.NextTimer is { } due && due < end ? due : end;
            Life.Do(() => Time.Advance(next > Time.GetUtcNow() ? next - Time.GetUtcNow() : TimeSpan.Zero));
            if (Life.Failed) Revive();
            Settle(order = Mix(order));
        }
    }

    public void Die(int chance)
    {
        Statistics.Deaths++;
        Life.Crossing.Die(chance);
        Life.Dispose();
        Revive();
    }

    public void Depose()
    {
        Statistics.Deaths++;
        Life.Crossing.Depose();
        Life.Dispose();
        Revive();
    }

    public void Dispose() => Life.Dispose();

    private void Revive()
    {
        if (Life is { } before)
        {
            if (before.WasLeft) Violate("the operator left the thread");
            before.Dispose();
        }
        Life = new Life(this, ++lives);
        Life.Start();
    }

    private void Furnish()
    {
        var system = Api.CreateAsync(CoreKinds.Namespace, new Kubernetes.Resources.Core.Namespace { ApiVersion = "v1", Kind = "Namespace", Metadata = new ObjectMeta { Name = "kube-system" } }, WriteOptions.Default, CancellationToken.None).GetAwaiter().GetResult();
        Api.CreateAsync(CoreKinds.ConfigMap, new ConfigMap
        {
            ApiVersion = "v1",
            Kind = "ConfigMap",
            Metadata = new ObjectMeta { Namespace = "kube-system", Name = "kontena-installation" },
            Data = new Dictionary<string, string> { ["id"] = Installation, ["kubeSystemUID"] = system.Metadata.Uid! },
        }, WriteOptions.Default, CancellationToken.None).GetAwaiter().GetResult();
    }

    private bool IsDown(Side side) => side switch
    {
        Side.Cloud => CloudIsDown,
        Side.Master => MasterIsDown,
        _ => ApiIsDown,
    };

    private Exception Fault(Trouble trouble, CallSite call)
    {
        Statistics.Faults++;
        LastTrouble = trouble.Kind;
        return trouble.Fault(call);
    }

    private static int Mix(int order) => (int)(((long)order * 1103515245 + 12345) & 0x3fffffff);
}
