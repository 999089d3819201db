using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Providers.Aws.Ec2;
using Kontena.Operator.Providers.Shared;

namespace Kontena.Operator.Providers.Aws;

/// <summary>
/// Opens and closes ways into a group of ours. EC2 refuses a whole call for one rule that is there already, or gone; and what it shows may
/// be seconds old. So: read, send what is left in one call; if refused, once more; then one at a time, where that refusal is success.
/// </summary>
internal sealed class AwsIngress(IEc2Api ec2, AwsGroups groups, WriteFence fence)
{
    /// <exception cref="DriverException">BadSettings: not the owner's group. QuotaReached: too many rules. Unavailable: EC2 does not show the group.</exception>
    public async Task OpenAsync(string id, FirewallMarks owner, IReadOnlyList<PortRule> rules, CancellationToken ct)
    {
        var wanted = rules.Distinct().ToList();
        if (wanted.Count == 0) return;
        try
        {
            await ChangeAsync(
                async () => Missing(await groups.FindOwnedAsync(id, owner, ct) ?? throw AwsGroups.NotShown(id), wanted, owner),
                permissions => AuthorizeAsync(id, permissions, ct),
                AwsFaults.SaysRuleExists);
        }
        catch (DriverException e) when (AwsFaults.SaysGroupNotFound(e))
        {
            throw AwsGroups.NotShown(id);
        }
    }

    /// <exception cref="DriverException">BadSettings: not the owner's group.</exception>
    public async Task CloseAsync(string id, FirewallMarks owner, IReadOnlyList<PortRule> rules, CancellationToken ct)
    {
        if (rules.Count == 0) return;
        var unwanted = rules.ToHashSet();
        try
        {
            await ChangeAsync(
                async () => await groups.FindOwnedAsync(id, owner, ct) is { } group ? Open(group, unwanted, owner) : [],
                permissions => RevokeAsync(id, permissions, ct),
                AwsFaults.SaysRuleIsGone);
        }
        catch (DriverException e) when (AwsFaults.SaysGroupNotFound(e))
        {
            // The group went between the two calls, and its rules with it.
        }
    }

    private static async Task ChangeAsync(
        Func<Task<IReadOnlyList<Ec2Rule>>> readLeftAsync, Func<IReadOnlyList<Ec2Rule>, Task> sendAsync, Func<DriverException, bool> saysDone)
    {
        var left = await readLeftAsync();
        if (left.Count == 0 || await IsSentAsync(left)) return;
        left = await readLeftAsync();
        if (left.Count == 0 || await IsSentAsync(left)) return;
        foreach (var permission in left) await IsSentAsync([permission]);

        async Task<bool> IsSentAsync(IReadOnlyList<Ec2Rule> permissions)
        {
            try
            {
                await sendAsync(permissions);
                return true;
            }
            catch (DriverException e) when (saysDone(e))
            {
                return false;
            }
        }
    }

    /// <summary>What no rule of the group is yet, whoever made it: EC2 has each rule once.</summary>
    private static List<Ec2Rule> Missing(Ec2SecurityGroup group, IReadOnlyList<PortRule> wanted, FirewallMarks owner)
    {
        var open = group.Ingress.Select(p => AwsPermissions.RuleOf(p, group)).ToHashSet();
        return [.. wanted.Where(rule => !open.Contains(rule)).Select(rule => AwsPermissions.Of(rule, group.Id, owner)).Distinct()];
    }

    /// <summary>As they were read, since EC2 wants to hear a rule as it keeps it. It would take a foreign one by the same words: only ours are named.</summary>
    private static List<Ec2Rule> Open(Ec2SecurityGroup group, HashSet<PortRule> unwanted, FirewallMarks owner) =>
        [.. group.Ingress.Where(p => AwsPermissions.IsOurs(p, owner) && unwanted.Contains(AwsPermissions.RuleOf(p, group)))];

    private async Task AuthorizeAsync(string id, IReadOnlyList<Ec2Rule> permissions, CancellationToken ct)
    {
        fence.Check($"AuthorizeSecurityGroupIngress of {id}");
        try
        {
            await ec2.AuthorizeIngressAsync(id, permissions, ct);
        }
        catch (DriverException e) when (AwsFaults.SaysTooManyRules(e))
        {
            throw new DriverException(e.Fault, $"{e.Message} {permissions.Count} more are needed: raise the account's quota of inbound rules per security group, or open fewer ports to fewer sources.")
            {
                Code = e.Code,
            };
        }
    }

    private async Task RevokeAsync(string id, IReadOnlyList<Ec2Rule> permissions, CancellationToken ct)
    {
        fence.Check($"RevokeSecurityGroupIngress of {id}");
        await ec2.RevokeIngressAsync(id, permissions, ct);
    }
}
