namespace Kontena.Operator.Core.Api;

/// <summary>Regular expressions shared by schema and validation (ECMA and RE2 understand them alike).</summary>
public static class Patterns
{
    /// <summary>IPv4 address and prefix length, each octet in range, e.g. <c>10.0.0.0/8</c>.</summary>
    public const string Cidr4 = @"^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])/(3[0-2]|[12]?[0-9])$";

    /// <summary>IPv4 or IPv6 network with prefix length. Of IPv6 the shape only: C# and CEL say whether it is one.</summary>
    public const string Cidr = @"^(((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])/(3[0-2]|[12]?[0-9])|[0-9a-fA-F:]{2,39}/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))$";

    /// <summary>An IPv6 network of the shape of <see cref="Cidr"/>: eight groups of at most four digits, or fewer with one <c>::</c> in their place (RFC 4291, 2.2).</summary>
    public const string Cidr6 = "^(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,5}(:[0-9a-fA-F]{1,4}){2}"
        + "|([0-9a-fA-F]{1,4}:){1,4}(:[0-9a-fA-F]{1,4}){3}|([0-9a-fA-F]{1,4}:){1,3}(:[0-9a-fA-F]{1,4}){4}|([0-9a-fA-F]{1,4}:){1,2}(:[0-9a-fA-F]{1,4}){5}|[0-9a-fA-F]{1,4}:(:[0-9a-fA-F]{1,4}){6}"
        + "|:((:[0-9a-fA-F]{1,4}){1,7}|:))/[0-9]{1,3}$";

    /// <summary>A port, or two with a dash between them; the numbers are up to the rules.</summary>
    public const string PortOrRange = "^[0-9]{1,5}(-[0-9]{1,5})?$";

    /// <summary>A Kubernetes object name (RFC 1123 subdomain).</summary>
    public const string ObjectName = @"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

    /// <summary>A key of a Secret or ConfigMap.</summary>
    public const string DataKey = @"^[-._a-zA-Z0-9]+$";
}
