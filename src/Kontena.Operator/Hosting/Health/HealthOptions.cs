using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Kontena.Operator.Hosting.Health;

/// <summary>Where and how the health server listens.</summary>
public sealed record HealthOptions
{
    /// <summary>Port 0 takes a free one: see <see cref="HealthServer.Address"/>.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 8080);

    /// <summary>How long one readiness check may take; kubelet's own default is 1 s, so a larger value only helps people with curl.</summary>
    public TimeSpan CheckDeadline { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long requests on their way may take when the server stops.</summary>
    public TimeSpan StopDeadline { get; init; } = TimeSpan.FromSeconds(5);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Reads <c>127.0.0.1:8080</c>, <c>[::1]:8080</c>, <c>localhost:8080</c>, or <c>:8080</c> for every interface.</summary>
    public static bool TryParseListen(string text, [NotNullWhen(true)] out IPEndPoint? endPoint)
    {
        endPoint = null;
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return false;
        if (HostOf(text[..colon]) is { } address) endPoint = new IPEndPoint(address, port);
        return endPoint is not null;
    }

    private static IPAddress? HostOf(string host)
    {
        if (host.Length == 0) return IPAddress.IPv6Any;
        if (host == "localhost") return IPAddress.Loopback;
        var bracketed = host[0] == '[' && host[^1] == ']';
        // Without brackets "::1:8080" has two readings; "1" or "0x7f.1" would be read as an address by inet_aton's rules.
        if (host.Contains(':', StringComparison.Ordinal) != bracketed) return null;
        if (!IPAddress.TryParse(bracketed ? host[1..^1] : host, out var address)) return null;
        return bracketed || address.ToString() == host ? address : null;
    }
}
