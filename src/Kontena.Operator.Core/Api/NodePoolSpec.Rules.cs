namespace Kontena.Operator.Core.Api;

public sealed partial record NodePoolSpec : IHasRules
{
    private const string AgentWithoutGrid = "only nodes of a grid run the agent: set spec.gridRef or remove spec.template.agent";

    private const string LabelsWithoutGrid = "only nodes of a grid have labels: set spec.gridRef or remove spec.template.nodeLabels";

    private const string IpsecWithoutGrid = "only nodes of a grid have an overlay network: set spec.gridRef or remove spec.network.ipsec";

    private const string VpnWithoutGrid = "only a grid has a VPN service: set spec.gridRef or remove spec.network.vpn";

    private const string IdentityWithoutGrid = "only nodes of a grid have a node id: set spec.gridRef or remove spec.identity";

    public IEnumerable<FieldError> BrokenRules(object? old)
    {
        if (GridRef is not null)
        {
            // Ignition merges Ignition; what Flatcar takes besides it replaces the node's own.
            if (Template is { OperatingSystem: OperatingSystem.Flatcar, UserData.Inline: ['#', ..] })
                yield return new FieldError(".template.userData.inline", FieldErrorKind.Invalid,
                    "with spec.gridRef Flatcar takes an Ignition config (JSON) here, which is merged with the node's own: a script or cloud-config cannot be", FieldErrorSource.Operator);
            yield break;
        }
        if (Template.Agent is not null) yield return Forbidden(".template.agent", AgentWithoutGrid);
        if (Template.NodeLabels is not null) yield return Forbidden(".template.nodeLabels", LabelsWithoutGrid);
        if (Network?.Ipsec is not null) yield return Forbidden(".network.ipsec", IpsecWithoutGrid);
        if (Network?.Vpn is not null) yield return Forbidden(".network.vpn", VpnWithoutGrid);
        if (Identity is not null) yield return Forbidden(".identity", IdentityWithoutGrid);
    }

    private static FieldError Forbidden(string path, string message) => new(path, FieldErrorKind.Forbidden, message, FieldErrorSource.Rule);
}
