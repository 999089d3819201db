namespace Kontena.Standalone.Faults;

/// <summary>A request that ends in a <c>metav1.Status</c> failure. Thrown where the reason is known, written out in one place.</summary>
internal sealed class StatusException(int code, string reason, string message) : Exception(message)
{
    public int Code => code;

    public string Reason => reason;

    public JsonObject? Details { get; init; }

    /// <summary>The document could not be read as its kind. Of a patch's outcome that is said in another way than of a body.</summary>
    public bool Undecodable { get; init; }

    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
            ["code"] = code,
        };
        if (reason.Length > 0) status["reason"] = reason;
        if (Details is not null) status["details"] = Details.DeepClone();
        return status;
    }
}
