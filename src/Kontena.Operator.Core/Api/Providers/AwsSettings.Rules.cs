namespace Kontena.Operator.Core.Api.Providers;

public sealed partial record AwsSettings : IHasRules
{
    private const string SubnetsAndZones = "subnets already decide the zones: set subnets or zones, not both";

    private const string ForeignZone = "a zone is a letter (a) or a full name in the pool's region (eu-west-1a)";

    private const string ZoneTwice = "a zone is named twice, once by its letter and once in full";

    private const string ReservedTag = "tag keys that begin with kontena- or aws: are reserved";

    private const string TagKeyLength = "a tag key has 1 to 128 characters";

    public IEnumerable<FieldError> BrokenRules(object? old)
    {
        var zones = Zones ?? [];
        if (zones.Count > 0 && Subnets is { Count: > 0 }) yield return Broken(".zones", SubnetsAndZones, FieldErrorKind.Forbidden);
        if (!zones.All(IsHere)) yield return Broken(".zones", ForeignZone);
        if (zones.Any(z => z.Length == 1 && zones.Contains(Region + z))) yield return Broken(".zones", ZoneTwice);
        var keys = Tags?.Keys ?? [];
        if (keys.Any(IsReserved)) yield return Broken(".tags", ReservedTag, FieldErrorKind.Forbidden);
        if (keys.Any(k => k.EnumerateRunes().Count() is 0 or > 128)) yield return Broken(".tags", TagKeyLength);
    }

    private bool IsHere(string zone) => zone.Length == 1 || (zone.StartsWith(Region, StringComparison.Ordinal) && zone != Region);

    private static bool IsReserved(string key) =>
        key.StartsWith("kontena-", StringComparison.Ordinal) || key.StartsWith("aws:", StringComparison.Ordinal);

    private static FieldError Broken(string path, string message, FieldErrorKind kind = FieldErrorKind.Invalid) =>
        new(path, kind, message, FieldErrorSource.Rule);
}
