namespace Kontena.Standalone.Patches;

/// <summary>A patch that cannot be applied to this document: a wrong path, a failed test, or not a patch at all.</summary>
internal sealed class PatchException(string message, bool malformed = false) : Exception(message)
{
    /// <summary>True when no document could take this patch (400); false when only this one does not (422).</summary>
    public bool Malformed => malformed;
}
