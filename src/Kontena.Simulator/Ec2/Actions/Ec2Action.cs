using System.Collections.Frozen;
using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Ec2.Query;

namespace Kontena.Simulator.Ec2.Actions;

/// <summary>One action of the API: what it takes, and what it does and answers.</summary>
internal abstract class Ec2Action(string name, bool mutates, IEnumerable<ParameterRule> parameters)
{
    public string Name => name;

    /// <summary>Whether it changes anything: EC2 throttles the two kinds apart.</summary>
    public bool Mutates => mutates;

    public FrozenDictionary<string, ParameterRule> Parameters { get; } =
        parameters.Append(ParameterRule.DryRun).ToFrozenDictionary(rule => rule.Pattern, StringComparer.Ordinal);

    /// <summary>Checks, acts, and writes the answer's content. Runs within the region's lock.</summary>
    public abstract void Answer(ActionCall call, AnswerXml xml);

    public static IReadOnlyList<Ec2Action> All { get; } =
    [
        new RunInstances(), new DescribeInstances(), new TerminateInstances(),
        new StopInstances(), new StartInstances(), new RebootInstances(),
        new DescribeImages(), new DescribeInstanceTypes(), new DescribeKeyPairs(),
        new DescribeAvailabilityZones(), new DescribeVpcs(), new DescribeSubnets(),
        new DescribeSecurityGroups(), new CreateSecurityGroup(), new DeleteSecurityGroup(),
        new AuthorizeSecurityGroupIngress(), new AuthorizeSecurityGroupEgress(), new RevokeSecurityGroupIngress(), new RevokeSecurityGroupEgress(),
        new ModifyInstanceAttribute(), new ModifyNetworkInterfaceAttribute(),
        new CreateTags(), new DeleteTags(), new DescribeTags(),
    ];
}

/// <summary>One call of an action.</summary>
internal sealed record ActionCall(QueryParameters Parameters, Region Region, DateTimeOffset Now)
{
    public string AccountId => Region.Options.AccountId;

    /// <summary>Ends a dry run, once all is checked and before anything is done.</summary>
    public void EndDryRun()
    {
        if (Parameters.Boolean("DryRun") == true) throw Refusal.DryRun();
    }
}
