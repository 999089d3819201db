namespace Kontena.Simulator.Ec2.Signing;

/// <summary>The Authorization header of Signature Version 4, taken apart.</summary>
internal sealed record AuthorizationHeader(string AccessKeyId, CredentialScope Scope, IReadOnlyList<string> SignedHeaders, string Signature)
{
    /// <summary>Null where it is not of that form.</summary>
    public static AuthorizationHeader? Parse(string header)
    {
        if (!header.StartsWith(SignatureVersion4.Algorithm + " ", StringComparison.Ordinal)) return null;
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in header[SignatureVersion4.Algorithm.Length..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Split('=', 2);
            if (pair.Length != 2 || !parts.TryAdd(pair[0], pair[1])) return null;
        }
        var credential = parts.GetValueOrDefault("Credential")?.Split('/');
        if (credential is not [var key, var date, var region, var service, CredentialScope.Terminator]) return null;
        if (!parts.TryGetValue("SignedHeaders", out var headers) || !parts.TryGetValue("Signature", out var signature)) return null;
        return new AuthorizationHeader(key, new CredentialScope(date, region, service), headers.Split(';'), signature);
    }
}
