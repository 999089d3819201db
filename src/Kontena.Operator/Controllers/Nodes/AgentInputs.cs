using System.Text;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Bootstrap;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Grids;

namespace Kontena.Operator.Controllers.Nodes;

/// <summary>What a new attempt's machine is told of its grid: new tokens and ids each time, so that the Master refuses a machine of an earlier attempt.</summary>
internal static class AgentInputs
{
    /// <summary>Base32 as in Docker's own ids (libtrust): what is chosen must look like what a Docker Engine has.</summary>
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static AgentInput Of(KontenaNode node, GridConnection connection, IReadOnlyList<string> labels, Func<int, byte[]> randomBytes) => new()
    {
        MasterUrl = connection.AgentUrl,
        MasterCa = connection.Ca,
        MasterVersion = connection.MasterVersion,
        GridToken = connection.Grid.Token,
        NodeToken = new SecretText(Convert.ToHexStringLower(randomBytes(32))),
        NodeName = EntryObservation.NameOf(node),
        NodeId = (node.Spec.Identity ?? IdentityMode.Pinned) == IdentityMode.Pinned ? Id(randomBytes(48)) : null,
        Labels = labels,
        GridSubnet = connection.Grid.Subnet,
        GridSupernet = connection.Grid.Supernet,
        Ipsec = node.Spec.Ipsec ?? IpsecMode.Preferred,
    };

    /// <summary>Twelve groups of four: 240 bits.</summary>
    private static string Id(byte[] bytes)
    {
        var id = new StringBuilder();
        for (var i = 0; i < bytes.Length; i++)
        {
            if (i > 0 && i % 4 == 0) id.Append(':');
            id.Append(Alphabet[bytes[i] % Alphabet.Length]);
        }
        return id.ToString();
    }
}
