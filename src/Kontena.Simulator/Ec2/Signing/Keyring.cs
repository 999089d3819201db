using System.Globalization;
using System.Security.Cryptography;

namespace Kontena.Simulator.Ec2.Signing;

/// <summary>The access keys that the account knows: those of the options, and the sessions that AssumeRole handed out.</summary>
internal sealed class Keyring(Ec2Options options, Ids ids)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, SessionKey> sessions = new(StringComparer.Ordinal);

    public string? SecretOf(string accessKeyId)
    {
        if (options.AccessKeys.TryGetValue(accessKeyId, out var secret)) return secret;
        lock (gate) return sessions.GetValueOrDefault(accessKeyId)?.Secret;
    }

    /// <summary>The session behind a temporary key; null for a lasting key.</summary>
    public SessionKey? Session(string accessKeyId)
    {
        lock (gate) return sessions.GetValueOrDefault(accessKeyId);
    }

    public SessionKey OpenSession(string roleArn, string name, DateTimeOffset now, TimeSpan duration)
    {
        lock (gate)
        {
            // Nobody asks for a session that expired a day ago; without this a long run would keep them all.
            foreach (var old in sessions.Values.Where(s => s.Expires < now - TimeSpan.FromDays(1)).ToList()) sessions.Remove(old.AccessKeyId);
            var key = new SessionKey("ASIA" + ids.Upper(16), ids.Secret(40), ids.Secret(120), "AROA" + ids.Upper(17), roleArn, name, now + duration);
            sessions.Add(key.AccessKeyId, key);
            return key;
        }
    }
}

internal sealed record SessionKey(
    string AccessKeyId, string Secret, string Token, string RoleId, string RoleArn, string Name, DateTimeOffset Expires)
{
    /// <summary>arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION</summary>
    public string Arn =>
        RoleArn.Replace(":iam:", ":sts:", StringComparison.Ordinal).Replace(":role/", ":assumed-role/", StringComparison.Ordinal) + "/" + Name;

    // A record prints its fields; this one holds a secret.
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{AccessKeyId} until {Expires:O}");

    public bool Opens(string? token) => token is not null
        && CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(token), System.Text.Encoding.UTF8.GetBytes(Token));
}
