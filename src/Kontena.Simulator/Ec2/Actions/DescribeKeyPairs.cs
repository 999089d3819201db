using Kontena.Simulator.Ec2.Query;
using static Kontena.Simulator.Ec2.Query.ParameterRule;

namespace Kontena.Simulator.Ec2.Actions;

internal sealed class DescribeKeyPairs() : Ec2Action("DescribeKeyPairs", mutates: false, [Text("KeyName.N"), .. Filters])
{
    private static readonly Dictionary<string, Func<string, IEnumerable<string>>> Fields = new(StringComparer.Ordinal)
    {
        ["key-name"] = name => [name],
        ["key-pair-id"] = name => [Ids.Named("key", name)],
    };

    public override void Answer(ActionCall call, AnswerXml xml)
    {
        var names = call.Parameters.List("KeyName");
        var known = call.Region.Options.KeyPairs;
        if (names.FirstOrDefault(n => !known.Contains(n, StringComparer.Ordinal)) is { } unknown)
            throw Refusal.NotFound("InvalidKeyPair", $"The key pair '{unknown}' does not exist");
        var filters = new FilterSet<string>(call.Parameters, Fields, tags: null);
        call.EndDryRun();
        xml.List("keySet", known.Where(k => (names.Count == 0 || names.Contains(k)) && filters.Matches(k)), name =>
        {
            xml.Text("keyPairId", Ids.Named("key", name));
            xml.Text("keyName", name);
            xml.Text("keyFingerprint", Fingerprint(name));
            xml.Text("keyType", "ed25519");
            xml.Element("tagSet", () => { });
        });
    }

    /// <summary>Of no key: the simulator holds none. It has an ed25519 fingerprint's form and repeats.</summary>
    private static string Fingerprint(string name) =>
        Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)));
}
