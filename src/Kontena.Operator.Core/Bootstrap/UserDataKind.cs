using System.Text;
using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Bootstrap;

/// <summary>What a user's own user-data is, by its first characters, as cloud-init and Ignition tell it.</summary>
internal static class UserDataKind
{
    /// <summary>cloud-init's headers with the types that its parts have (cloudinit/handlers/__init__.py, INCLUSION_TYPES_MAP).</summary>
    private static readonly (string Header, string Type)[] Types =
    [
        ("#cloud-config-archive", "text/cloud-config-archive"),
        ("#cloud-config", "text/cloud-config"),
        ("#cloud-boothook", "text/cloud-boothook"),
        ("#part-handler", "text/part-handler"),
        ("#include", "text/x-include-url"),
        ("## template: jinja", "text/jinja2"),
        ("#!", "text/x-shellscript"),
    ];

    public static bool IsIgnition(byte[] data) => First(data) == '{';

    /// <summary>A MIME document of the user's own making.</summary>
    public static bool IsMime(byte[] data) => Begins(data, "Content-Type:") || Begins(data, "MIME-Version:");

    /// <summary>The type that cloud-init knows a part by; null for what it does not know.</summary>
    public static string? CloudInitType(byte[] data) =>
        data is [0x1f, 0x8b, ..] ? "application/gzip" : Types.FirstOrDefault(t => Begins(data, t.Header)).Type;

    /// <summary>Where the user wrote it.</summary>
    public static string PathOf(TemplateSpec template) =>
        template.UserData?.SecretRef is null ? "spec.template.userData.inline" : "spec.template.userData.secretRef";

    private static char First(byte[] data) => (char)data.SkipWhile(b => b is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t').FirstOrDefault();

    private static bool Begins(byte[] data, string header) =>
        data.Length >= header.Length && Encoding.ASCII.GetString(data, 0, header.Length).Equals(header, StringComparison.OrdinalIgnoreCase);
}
