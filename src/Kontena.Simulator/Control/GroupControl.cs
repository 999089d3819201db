using Kontena.Simulator.Ec2;
using Microsoft.AspNetCore.Http;

namespace Kontena.Simulator.Control;

/// <summary><c>/_control/ec2</c>: a hand on security groups and VPCs, for whoever is not in this process.</summary>
internal sealed class GroupControl(Ec2Cloud ec2)
{
    public const string Prefix = ControlEndpoint.Prefix + "ec2/";

    public Task HandleAsync(HttpContext http, string path, CancellationToken ct) => (http.Request.Method, path[Prefix.Length..].Split('/')) switch
    {
        ("GET", ["groups"]) => ControlAnswer.JsonAsync(http, 200, Groups(), ControlJson.Default.IReadOnlyListSecurityGroupSnapshot, ct),
        ("POST", ["groups"]) => ControlAnswer.ReadAsync(http, ControlJson.Default.GroupDocument,
            group => ControlAnswer.JsonAsync(http, 201, group.AddTo(ec2.Firewall), ControlJson.Default.SecurityGroupSnapshot, ct), ct),
        ("DELETE", ["groups", var group]) => DoAsync(http, () => ec2.Firewall.RemoveGroup(group), ct),
        ("POST", ["groups", var group, "rules"]) => ControlAnswer.ReadAsync(http, ControlJson.Default.RuleDocument,
            rule => ControlAnswer.JsonAsync(http, 201, rule.AddTo(ec2.Firewall, group), ControlJson.Default.SecurityRule, ct), ct),
        ("DELETE", ["groups", var group, "rules", var rule]) => RemoveRuleAsync(http, group, rule, ct),
        ("PUT", ["instances", var instance, "groups", var group]) => DoAsync(http, () => ec2.Firewall.Attach(instance, group), ct),
        ("DELETE", ["instances", var instance, "groups", var group]) => DoAsync(http, () => ec2.Firewall.Detach(instance, group), ct),
        ("POST", ["vpcs"]) => ControlAnswer.ReadAsync(http, ControlJson.Default.VpcDocument,
            vpc => ControlAnswer.JsonAsync(http, 201, ec2.AddVpc(vpc.ToVpc()), ControlJson.Default.VpcSnapshot, ct), ct),
        _ => ControlAnswer.FailAsync(http, 404, $"There is no {http.Request.Method} {path}; see docs/simulator.md.", ct),
    };

    private IReadOnlyList<SecurityGroupSnapshot> Groups() => [.. ec2.Options.Regions.Keys.SelectMany(ec2.Groups)];

    private Task RemoveRuleAsync(HttpContext http, string group, string rule, CancellationToken ct) => DoAsync(http, () =>
    {
        if (!ec2.Firewall.RemoveRule(group, rule)) throw new ArgumentException($"There is no rule {rule} in {group}.");
    }, ct);

    /// <summary>Here the path names all there is to get wrong: 404.</summary>
    private static Task DoAsync(HttpContext http, Action act, CancellationToken ct)
    {
        try
        {
            act();
        }
        catch (ArgumentException e)
        {
            return ControlAnswer.FailAsync(http, 404, e.Message, ct);
        }
        return ControlAnswer.Done(http);
    }
}
