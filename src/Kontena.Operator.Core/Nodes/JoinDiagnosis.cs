using System.Text.RegularExpressions;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Nodes;

/// <summary>
/// Why a running machine does not join. The Master tells little: of all rejections it keeps only that for a wrong clock (4020), so the rest is
/// concluded from what else can be seen, the likeliest first.
/// </summary>
internal static partial class JoinDiagnosis
{
    /// <summary>True where the Master itself names the cause: it need not be waited for.</summary>
    public static bool IsKnown(EntrySeen grid, MasterNode entry) => Rejection(grid, entry) is not null;

    /// <summary>The pool names an agent that the Master does not take.</summary>
    public static bool VersionDiffers(KontenaNodeSpec spec, GridView view) =>
        spec.Template.Agent?.Version is { } version && view.MasterVersion is { } master && MajorMinor(version) != MajorMinor(master);

    /// <summary>The Master's clock differs from ours by more than it bears of agents.</summary>
    public static bool IsClockOff(GridView view) => view.ClockAhead is { } ahead && (ahead < TimeSpan.FromSeconds(-1) || ahead > TimeSpan.FromSeconds(6));

    public static (string Reason, string Message) Of(NodeSeen seen, EntrySeen grid, Machine machine, MasterNode entry) =>
        OfRejection(grid, entry)
        ?? OfToken(grid, entry)
        ?? OfVersion(seen, grid, entry)
        ?? OfOthers(seen, grid, machine, entry)
        ?? OfClocks(grid, machine, entry)
        ?? OfSilence(seen, grid, machine, entry);

    private static (string, string)? OfRejection(EntrySeen grid, MasterNode entry)
    {
        if (Rejection(grid, entry) is not { } rejection) return null;
        var (code, said) = rejection;
        return code switch
        {
            4020 => ("ClockSkew", $"The Master refuses the agent of {entry.Name} because of its clock (code 4020): {said} It takes agents that are less than a second ahead and 6 s behind. Let the machine reach a time server (NTP, UDP 123; chronyc tracking), or mend the Master's clock."),
            4001 or 4002 => ("WrongToken", $"The Master refuses the token of {entry.Name}: {said} Delete this node to have it replaced with a new one."),
            4003 or 4006 => ("IDTaken", $"The Master refuses the id of {entry.Name}: {said} Another machine has it: a cloned image, most likely. Delete this node; with spec.identity.mode: Pinned ids cannot collide."),
            4010 => Version(grid, entry, said),
            _ => ("AgentRefused", $"The Master refuses the agent of {entry.Name}: {said}"),
        };
    }

    private static (string, string)? OfToken(EntrySeen grid, MasterNode entry)
    {
        if (grid.Trace.ForeignAt is null && entry.HasToken) return null;
        return ("WrongToken", $"{entry.Name} has another token at the Master than its machine was given (kontena node reset-token?), so its agent is refused. Delete this node to have it replaced.");
    }

    private static (string, string)? OfVersion(NodeSeen seen, EntrySeen grid, MasterNode entry) =>
        VersionDiffers(seen.Spec, grid.View) ? Version(grid, entry, $"spec.template.agent.version is {seen.Spec.Template.Agent!.Version}.") : null;

    private static (string, string) Version(EntrySeen grid, MasterNode entry, string said) =>
        ("AgentVersion", $"The agent of {entry.Name} does not fit the Master, which has version {grid.View.MasterVersion} and takes agents of {MajorMinor(grid.View.MasterVersion ?? "")}: {said} Leave spec.template.agent.version out, or set it to the Master's.");

    private static (string, string)? OfOthers(NodeSeen seen, EntrySeen grid, Machine machine, MasterNode entry)
    {
        var others = grid.View.Last!.Nodes.Where(n => n.Name != entry.Name).ToList();
        if (seen.Spec.Attempt?.KontenaNodeID is { } id && others.Find(n => n.NodeId == id) is { } holder)
            return ("IDTaken", $"The id of {entry.Name} is held by {holder.Name}, so its agent is refused (4006). Remove that node if it is gone: kontena node rm {holder.Name}");
        return others.Find(n => !n.NeverJoined && n.Connected && machine.Addresses.Any(a => a == n.PrivateIp)) is { } twin
            ? ("JoinedAsAnother", $"The machine {machine.ProviderId} has joined as {twin.Name}, not as {entry.Name}: its agent was given other settings than the operator's, by an image or by spec.template.userData.")
            : null;
    }

    private static (string, string)? OfClocks(EntrySeen grid, Machine machine, MasterNode entry) =>
        IsClockOff(grid.View)
            ? ("ClockSkew", $"{entry.Name} has not connected, and the Master's clock is {(grid.View.ClockAhead > TimeSpan.Zero ? "ahead of" : "behind")} the operator's by more than it bears of agents. Mend the Master's clock (NTP). The machine: {machine.ProviderId}.")
            : null;

    private static (string, string) OfSilence(NodeSeen seen, EntrySeen grid, Machine machine, MasterNode entry)
    {
        var since = machine.CreatedAt ?? DateTimeOffset.MinValue;
        var later = grid.View.Last!.Nodes.Any(n => n.Name != entry.Name && n.ConnectedAt > since);
        var likely = later
            ? "Others have connected meanwhile, so the Master can be reached: most likely this machine's first boot failed"
            : "Most likely it cannot reach the Master (no route out, firewall, DNS), or its first boot failed";
        return ("NeverConnected", $"The machine {machine.ProviderId} runs, but its agent has never been accepted as {entry.Name}. {likely}. Look on the machine ({(machine.Addresses.Count > 0 ? machine.Addresses[0] : "no address known")}) at: journalctl -u kontena-agent, and cloud-init status --long. The Master must be reachable from it at {grid.View.AgentUrl}.{OthersId(seen)}");
    }

    /// <summary>Whose image it shares is not known where no machine of ours came in from that: the other may be somebody else's.</summary>
    private static string OthersId(NodeSeen seen) => seen.Spec.Identity is IdentityMode.Engine
        ? " Or its Docker has the id of another node's (docker info; kontena node show), which the Master refuses without a word (code 4006): with spec.identity.mode: Pinned that cannot be."
        : "";

    /// <summary>
    /// Code and sentence of a rejection that the Master has kept, without its time and the measured offset: an agent tries every few seconds, and
    /// a condition that changed with each try would be written as often.
    /// </summary>
    private static (int Code, string Said)? Rejection(EntrySeen grid, MasterNode entry)
    {
        if (CloseNotice.Of(grid.View.Health.GetValueOrDefault(entry.Name)?.Trouble) is not { Rejected: true, Code: >= 4000 and < 5000 } notice) return null;
        var said = Offset().Replace(notice.Reason, "clock offset");
        return (notice.Code, said.EndsWith('.') ? said : said + ".");
    }

    private static string MajorMinor(string version) => string.Join('.', version.Split('.').Take(2));

    [GeneratedRegex("clock offset -?[0-9.]+s")]
    private static partial Regex Offset();
}
