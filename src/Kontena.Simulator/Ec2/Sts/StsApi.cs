using System.Globalization;
using System.Text.RegularExpressions;
using Kontena.Simulator.Ec2.Query;
using Kontena.Simulator.Ec2.Signing;

namespace Kontena.Simulator.Ec2.Sts;

/// <summary>The part of the Security Token Service that a client needs to take on a role.</summary>
internal sealed partial class StsApi(Ec2Options options, Keyring keys, TimeProvider time)
{
    public const string Version = "2011-06-15";
    private const string Namespace = "https://sts.amazonaws.com/doc/2011-06-15/";
    private static readonly string[] AssumeRoleParameters = ["Action", "Version", "RoleArn", "RoleSessionName", "DurationSeconds", "ExternalId"];

    public byte[] Answer(string action, IReadOnlyDictionary<string, string> form, string accessKeyId, string requestId) => action switch
    {
        "AssumeRole" => AssumeRole(form, accessKeyId, requestId),
        "GetCallerIdentity" => Document(action, requestId, xml => Identity(xml, accessKeyId)),
        _ => throw new ApiException(400, "InvalidAction", $"Could not find operation {action} for version {Version}"),
    };

    public static byte[] Refusal(ApiException refusal, string requestId) => AnswerXml.Document("ErrorResponse", Namespace, xml =>
    {
        xml.Element("Error", () =>
        {
            xml.Text("Type", refusal.Status < 500 ? "Sender" : "Receiver");
            xml.Text("Code", refusal.Code);
            xml.Text("Message", refusal.Message);
        });
        xml.Text("RequestId", requestId);
    });

    private byte[] AssumeRole(IReadOnlyDictionary<string, string> form, string accessKeyId, string requestId)
    {
        if (form.Keys.FirstOrDefault(k => !AssumeRoleParameters.Contains(k, StringComparer.Ordinal)) is { } unknown)
            throw Invalid($"The simulator does not take the parameter {unknown}");
        var arn = Required(form, "RoleArn");
        var name = Required(form, "RoleSessionName");
        if (!SessionName().IsMatch(name))
            throw Invalid("1 validation error detected: Value at 'roleSessionName' failed to satisfy constraint: "
                + "Member must satisfy regular expression pattern: [\\w+=,.@-]*");
        var duration = Duration(form.GetValueOrDefault("DurationSeconds"));
        var role = options.Roles.FirstOrDefault(r => r.Arn == arn);
        if (role is null || role.ExternalId != form.GetValueOrDefault("ExternalId"))
            throw new ApiException(403, "AccessDenied", $"User: {Arn(accessKeyId)} is not authorized to perform: sts:AssumeRole on resource: {arn}");
        var session = keys.OpenSession(arn, name, time.GetUtcNow(), duration);
        return Document("AssumeRole", requestId, xml => Session(xml, session));
    }

    private static void Session(AnswerXml xml, SessionKey session)
    {
        xml.Element("AssumedRoleUser", () =>
        {
            xml.Text("AssumedRoleId", $"{session.RoleId}:{session.Name}");
            xml.Text("Arn", session.Arn);
        });
        xml.Element("Credentials", () =>
        {
            xml.Text("AccessKeyId", session.AccessKeyId);
            xml.Text("SecretAccessKey", session.Secret);
            xml.Text("SessionToken", session.Token);
            xml.Text("Expiration", session.Expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        });
    }

    private void Identity(AnswerXml xml, string accessKeyId)
    {
        xml.Text("Arn", Arn(accessKeyId));
        xml.Text("UserId", keys.Session(accessKeyId) is { } session ? $"{session.RoleId}:{session.Name}" : "AIDA" + accessKeyId[4..]);
        xml.Text("Account", options.AccountId);
    }

    private string Arn(string accessKeyId) => keys.Session(accessKeyId)?.Arn ?? $"arn:aws:iam::{options.AccountId}:user/simulator";

    private static byte[] Document(string action, string requestId, Action<AnswerXml> result) =>
        AnswerXml.Document(action + "Response", Namespace, xml =>
    {
        xml.Element(action + "Result", () => result(xml));
        xml.Element("ResponseMetadata", () => xml.Text("RequestId", requestId));
    });

    private static string Required(IReadOnlyDictionary<string, string> form, string name) =>
        form.TryGetValue(name, out var value) && value.Length > 0 ? value
        : throw Invalid($"1 validation error detected: Value null at '{char.ToLowerInvariant(name[0])}{name[1..]}' failed to satisfy constraint: Member must not be null");

    /// <summary>15 minutes to 12 hours, an hour if unsaid.</summary>
    private static TimeSpan Duration(string? seconds)
    {
        if (seconds is null) return TimeSpan.FromHours(1);
        return int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 900 and <= 43200
            ? TimeSpan.FromSeconds(number)
            : throw Invalid($"1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to satisfy constraint: Member must be from 900 to 43200");
    }

    private static ApiException Invalid(string message) => new(400, "ValidationError", message);

    [GeneratedRegex(@"^[\w+=,.@-]{2,64}\z")]
    private static partial Regex SessionName();
}
