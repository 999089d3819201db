namespace Kontena.Simulator.Machines.UserData;

/// <summary>One part of a user-data, unpacked.</summary>
/// <param name="ContentType">As cloud-init calls it: <c>text/cloud-config</c>, <c>text/x-shellscript</c> …</param>
/// <param name="MergeType">The part's <c>Merge-Type</c> header; null where it has none.</param>
internal sealed record UserDataPart(string ContentType, string Body, string? MergeType)
{
    /// <summary>User-data is secret.</summary>
    public override string ToString() => ContentType;
}

/// <summary>User-data that the operating system cannot read. The message quotes none of it.</summary>
internal sealed class UserDataException(string message) : Exception(message);
