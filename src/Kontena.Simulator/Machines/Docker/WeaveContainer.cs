using System.Net;
using Kontena.Simulator.Overlay;

namespace Kontena.Simulator.Machines.Docker;

/// <summary>The container <c>weave</c>, as the agent makes it. It outlives the agent, and Docker starts it again.</summary>
/// <param name="enter">Runs something within the machine's lock, while the machine runs.</param>
internal sealed class WeaveContainer(DockerDaemon docker, Action<Action> enter, Func<WeaveRouter?> router) : IOverlayHost
{
    public const string Repository = "weaveworks/weave";

    private const string Name = "weave";
    private const string Password = "WEAVE_PASSWORD";
    private const string TrustedSubnets = "--trusted-subnets";

    public bool Launch(string? password, IReadOnlyList<string> trustedSubnets)
    {
        var spec = Spec(password, trustedSubnets);
        var unchanged = true;
        enter(() =>
        {
            var found = docker.Find(Name);
            unchanged = found is null || found.Arguments.SequenceEqual(spec.Arguments);
            if (found is null || !unchanged) docker.Replace(spec);
        });
        return unchanged;
    }

    public void Connect(IReadOnlyList<string> peers) => enter(() =>
    {
        if (docker.Find(Name) is not null) router()?.Connect(peers);
    });

    /// <summary>What its process makes of that; the machine adds what it is itself.</summary>
    public static RouterFacts Facts(ContainerSpec spec) => new()
    {
        InstanceId = "",
        Name = "",
        HostName = "",
        PrivateAddress = "",
        PublicAddress = "",
        Password = spec.Environment.GetValueOrDefault(Password),
        TrustedSubnets = [.. spec.Arguments.SkipWhile(a => a != TrustedSubnets).Skip(1).Take(1).SelectMany(csv => csv.Split(',', StringSplitOptions.RemoveEmptyEntries)).Select(Subnet).OfType<IPNetwork>()],
    };

    private static ContainerSpec Spec(string? password, IReadOnlyList<string> trustedSubnets) => new()
    {
        Name = Name,
        Repository = Repository,
        Tag = "1.9.3",
        HostNetwork = true,
        Detached = true,
        Restarted = true,
        Environment = string.IsNullOrEmpty(password) ? new Dictionary<string, string>() : new() { [Password] = password },
        Arguments = [TrustedSubnets, string.Join(',', trustedSubnets)],
    };

    /// <summary>The Master takes an address with bits beyond its prefix, as Ruby's IPAddr does: they do not count.</summary>
    private static IPNetwork? Subnet(string text)
    {
        if (!IPAddress.TryParse(text.Split('/')[0], out var address) || text.Split('/') is not [_, var length]
            || !int.TryParse(length, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var prefix)) return null;
        var bytes = address.GetAddressBytes();
        if (prefix > bytes.Length * 8) return null;
        for (var bit = prefix; bit < bytes.Length * 8; bit++) bytes[bit / 8] &= (byte)(0xFF ^ (0x80 >> bit % 8));
        return new(new IPAddress(bytes), prefix);
    }
}
