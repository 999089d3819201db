using Kontena.Kubernetes.Client.Config;

namespace Kontena.Kubernetes.Client.Auth;

/// <summary>From a user of the configuration to the source of its credentials.</summary>
internal static class CredentialSources
{
    public static ICredentialSource For(KubeAccess access, TimeProvider time)
    {
        ICredentialSource[] sources = [.. Certificate(access.User, time), .. Token(access, time)];
        return sources switch
        {
            [] => new StaticCredential(Credential.None),
            [var only] => only,
            _ => new CombinedCredentials(sources),
        };
    }

    private static IEnumerable<ICredentialSource> Certificate(User user, TimeProvider time)
    {
        var certificate = PemText.From(user.ClientCertificateData, user.ClientCertificate, time);
        var key = PemText.From(user.ClientKeyData, user.ClientKey, time);
        if (certificate is not null && key is not null) yield return new CertificateFiles(certificate, key);
    }

    // Of several ways to a token the first is taken, in kubectl's order.
    private static IEnumerable<ICredentialSource> Token(KubeAccess access, TimeProvider time)
    {
        var user = access.User;
        if (user.TokenFile is { } file) yield return new TokenFile(file, time);
        else if (!string.IsNullOrEmpty(user.Token)) yield return new StaticCredential(new Credential(Checked(user, user.Token), null));
        else if (user.Exec is { } exec) yield return new ExecPlugin(exec, access, time);
    }

    private static string Checked(User user, string token) =>
        Credential.IsToken(token) ? token : throw user.Origin.Fault("token", "holds characters that no token has");
}
