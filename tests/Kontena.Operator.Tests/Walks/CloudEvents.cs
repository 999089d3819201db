using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Tests.Walks;

/// <summary>What happens at the cloud without the operator.</summary>
internal sealed class CloudEvents(World world)
{
    private static readonly string?[] CloudOperations = [null, "create", "list", "find", "delete", "resolve", "create", "create"];
    private static readonly string?[] ApiOperations = [null, "get", "list", "watch", "create", "update", "patch", "delete", "patch", "create"];

    private static readonly TroubleKind[] CloudTroubles =
        [TroubleKind.Unavailable, TroubleKind.Throttled, TroubleKind.NotAllowed, TroubleKind.Unreachable, TroubleKind.NoCapacity, TroubleKind.AnswerLost, TroubleKind.HeldBack, TroubleKind.AnswerLost, TroubleKind.HeldBack];

    private static readonly TroubleKind[] ApiTroubles = [TroubleKind.Unavailable, TroubleKind.Throttled, TroubleKind.NotAllowed, TroubleKind.Unreachable, TroubleKind.Conflict, TroubleKind.AnswerLost, TroubleKind.AnswerLost];

    private static readonly string?[] MasterOperations = [null, "create", "list", "token", "delete", "update", "grid", "health", "create", "delete", "containers"];

    private static readonly TroubleKind[] MasterTroubles =
        [TroubleKind.Unavailable, TroubleKind.Throttled, TroubleKind.NotAllowed, TroubleKind.Unreachable, TroubleKind.AnswerLost, TroubleKind.HeldBack, TroubleKind.AnswerLost, TroubleKind.HeldBack];

    private int placed;

    private List<Machine> Ours => [.. world.Cloud.Living.Where(world.IsOurs)];

    public string Change(int which, MachineState state)
    {
        if (Ours is not { Count: > 0 } machines) return "no machine";
        var machine = machines[which % machines.Count];
        world.Cloud.Change(machine.ProviderId, state);
        return $"{machine.ProviderId} is {state} by hand";
    }

    public string Vanish(int which)
    {
        if (Ours is not { Count: > 0 } machines) return "no machine";
        world.Cloud.Vanish(machines[which % machines.Count].ProviderId);
        return $"{machines[which % machines.Count].ProviderId} vanishes";
    }

    /// <summary>A machine of nobody, of another installation, or a copy of one of ours with its tags.</summary>
    public string PlaceForeign(int which, int kind)
    {
        var copied = Ours is { Count: > 0 } machines && kind % 3 == 2 && world.Cloud.Promises.KeyedCreate ? machines[which % machines.Count] : null;
        var machine = new Machine
        {
            ProviderId = $"fake:///foreign-{++placed}",
            State = MachineState.Running,
            Marks = copied?.Marks ?? (kind % 3 == 1 ? new MachineMarks("inst-2", "their-pool", $"their-node-{placed}", 1) : null),
            Token = $"their-token-{placed}",
            CreatedAt = world.Time.GetUtcNow(),
        };
        if (copied is not null) world.IsCopy(machine.ProviderId);
        world.Cloud.Add(machine);
        return copied is null ? $"{machine.ProviderId} appears" : $"{machine.ProviderId} appears, a copy of {copied.ProviderId}";
    }

    public string Drought(int which)
    {
        string[] types = ["t3.small", "t3.large"];
        var type = types[which % 2];
        if (!world.Cloud.Exhausted.Remove(type)) world.Cloud.Exhausted.Add(type);
        return $"no room for: {string.Join(' ', world.Cloud.Exhausted)}";
    }

    public string Quota(int limit)
    {
        world.Cloud.Quota = limit % 3 == 0 ? null : limit % 7;
        return $"the account's limit is {world.Cloud.Quota}";
    }

    public string Hide(int how)
    {
        world.Cloud.HiddenFor = TimeSpan.FromSeconds(how % 4 * 8);
        return $"fresh machines are hidden for {world.Cloud.HiddenFor.TotalSeconds} s";
    }

    public string CloudTrouble(int kind, int operation, int times) =>
        Trouble(new Trouble(Side.Cloud, CloudOperations[operation % CloudOperations.Length], CloudTroubles[kind % CloudTroubles.Length]), 1 + times % 4);

    /// <summary>Looks for single machines fail for long: longer than anything that waits for a few of them.</summary>
    public string Blind(int kind, int times) => Trouble(new Trouble(Side.Cloud, "find", CloudTroubles[kind % 4]), 5 + times % 40);

    public string ApiTrouble(int kind, int operation, int times) =>
        Trouble(new Trouble(Side.Api, ApiOperations[operation % ApiOperations.Length], ApiTroubles[kind % ApiTroubles.Length]), 1 + times % 4);

    public string MasterTrouble(int kind, int operation, int times) =>
        Trouble(new Trouble(Side.Master, MasterOperations[operation % MasterOperations.Length], MasterTroubles[kind % MasterTroubles.Length]), 1 + times % 4);

    private string Trouble(Trouble trouble, int times)
    {
        world.Add(trouble, times);
        return $"the next {times} calls of {trouble.Side} {trouble.Operation ?? "anything"}: {trouble.Kind}";
    }
}
