namespace Kontena.Simulator.Ec2.Signing;

/// <summary>What the check of a signature found.</summary>
internal abstract record SignatureVerdict
{
    public sealed record Valid(string AccessKeyId, CredentialScope Scope) : SignatureVerdict;

    public sealed record Missing : SignatureVerdict;

    /// <summary>Not in the form of Signature Version 4, or not covering what it must.</summary>
    public sealed record Incomplete(string Why) : SignatureVerdict;

    public sealed record UnknownKey(string AccessKeyId) : SignatureVerdict;

    /// <summary>The key is known, the signature is another than this request and its secret give.</summary>
    public sealed record Mismatch(string Why) : SignatureVerdict;

    /// <summary>Signed too long ago, or the session is over.</summary>
    public sealed record Expired(string Why) : SignatureVerdict;
}
