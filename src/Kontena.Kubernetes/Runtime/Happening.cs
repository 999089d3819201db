using System.Security.Cryptography;
using System.Text;
using Kontena.Kubernetes.Resources.Core;

namespace Kontena.Kubernetes.Runtime;

/// <summary>One thing said about one object: what an Event is written from.</summary>
internal sealed record Happening(ObjectReference Regarding, EventType Type, string Reason, string Message)
{
    /// <summary>Of the field in the API.</summary>
    private const int LongestMessage = 1024;

    /// <summary>Of an object's name, less the dot and 16 digits of the hash.</summary>
    private const int LongestObjectName = 253 - 17;

    /// <summary>Same object, type, reason and message: the same happening, counted instead of said again.</summary>
    public string Hash { get; } = Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', Regarding.Uid, Regarding.Kind, Regarding.Name, Type, Reason, Message))))[..16];

    /// <summary>Derived, so that a restarted operator counts on in the Event that it wrote before.</summary>
    public string EventName
    {
        get
        {
            var name = Regarding.Name ?? "";
            return $"{(name.Length <= LongestObjectName ? name : name[..LongestObjectName].TrimEnd('.', '-'))}.{Hash}";
        }
    }

    /// <summary>Events of cluster-scoped objects live in <c>default</c>.</summary>
    public string Namespace => string.IsNullOrEmpty(Regarding.Namespace) ? "default" : Regarding.Namespace;

    public static string Cut(string message)
    {
        if (message.Length <= LongestMessage) return message;
        var end = LongestMessage - 1;
        if (char.IsHighSurrogate(message[end - 1])) end--;
        return string.Concat(message.AsSpan(0, end), "…");
    }
}
