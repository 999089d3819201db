using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Kontena.Operator.Core.Api.Schema;

namespace Kontena.Operator.Core.Api;

/// <summary>The Kontena agent on each machine of a pool with a grid.</summary>
public sealed partial record AgentSpec : IHasRules
{
    [MaxLength(64), RegularExpression("^[0-9]+\\.[0-9]+\\.[0-9]+[A-Za-z0-9.-]*$"), Description("Version of the agent. Left out: the Master's. The Master takes only agents of its own major and minor version.")]
    public string? Version { get; init; }

    [MaxLength(255), RegularExpression("^[a-z0-9]+([._/:-][a-z0-9]+)*$"), Description("Image of the agent without its tag. Left out: kontena/agent.")]
    public string? Image { get; init; }

    [MaxLength(15), RegularExpression("^[a-zA-Z0-9._-]+$"), Description("Interface whose address other nodes of the same region use. Left out: the machine's first one, found at boot.")]
    public string? PeerInterface { get; init; }

    [MaxProperties(32), ItemMaxLength(1024)]
    [Cel("self.all(name, name.matches('^[A-Z_][A-Z0-9_]*$'))", VariableName)]
    [Cel($"self.all(name, !(name in [{ReservedList}]))", VariableReserved, Kind = FieldErrorKind.Forbidden)]
    [Cel(@"self.all(name, !self[name].matches('[\\x00-\\x08\\x0a-\\x1f\\x7f]'))", VariableOfSeveralLines)]
    [Description("More variables for the agent's container, e.g. LOG_LEVEL. Those that the operator sets itself cannot be set here.")]
    public IReadOnlyDictionary<string, string>? Environment { get; init; }
}
