using System.Diagnostics.CodeAnalysis;

namespace Kontena.Kubernetes.Client.Auth;

/// <summary>A token, a client certificate, or both. Compared by reference: a refused one is this one, not one that looks the same.</summary>
internal sealed class Credential
{
    public static Credential None { get; } = new(null, null);

    public Credential(string? token, ClientCertificate? certificate, IReadOnlyList<Credential>? parts = null)
    {
        Token = token;
        Certificate = certificate;
        Parts = parts ?? [];
    }

    public string? Token { get; }

    public ClientCertificate? Certificate { get; }

    /// <summary>What a combined credential was made of, in the order of its sources.</summary>
    public IReadOnlyList<Credential> Parts { get; }

    /// <summary>
    /// Whether a token can stand in a header. Anything else must be refused before it reaches the HTTP stack, whose
    /// complaint about a bad header quotes the header.
    /// </summary>
    public static bool IsToken([NotNullWhen(true)] string? text) => !string.IsNullOrEmpty(text) && text.All(c => c is > ' ' and < (char)0x7f);

    /// <summary>The text without this credential's token, for words that came from outside.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public string? Hide(string? text) =>
        text is null || string.IsNullOrEmpty(Token) ? text : text.Replace(Token, "(token)", StringComparison.Ordinal);

    public bool SaysTheSameAs(Credential other) =>
        Token == other.Token && Equals(Certificate?.Leaf.Thumbprint, other.Certificate?.Leaf.Thumbprint);

    public override string ToString() => "Credential";
}
