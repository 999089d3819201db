namespace Kontena.Simulator.Ec2.Query;

/// <summary>The refusals, one place for code, status and wording (the EC2 API's error code page; wording as clients report it).</summary>
internal static class Refusal
{
    public static ApiException AuthFailure() => new(401, "AuthFailure", "AWS was not able to validate the provided access credentials");

    public static ApiException MissingToken() => new(403, "MissingAuthenticationToken", "Request is missing Authentication Token");

    public static ApiException IncompleteSignature(string why) => new(400, "IncompleteSignature", why);

    public static ApiException RequestExpired() => new(400, "RequestExpired", "Request has expired.");

    public static ApiException Unauthorized() => new(403, "UnauthorizedOperation", "You are not authorized to perform this operation.");

    public static ApiException Throttled() => new(503, "RequestLimitExceeded", "Request limit exceeded.");

    public static ApiException DryRun() => new(412, "DryRunOperation", "Request would have succeeded, but DryRun flag is set.");

    public static ApiException MissingAction() => new(400, "MissingAction", "The request must contain the parameter Action");

    public static ApiException InvalidAction(string action) =>
        new(400, "InvalidAction", $"The action {action} is not valid for this web service.");

    public static ApiException UnknownParameter(string name) => new(400, "UnknownParameter", $"The parameter {name} is not recognized");

    public static ApiException Missing(string name) => new(400, "MissingParameter", $"The request must contain the parameter {name}");

    public static ApiException InvalidValue(string message) => new(400, "InvalidParameterValue", message);

    public static ApiException InvalidValue(string value, string parameter, string why) =>
        new(400, "InvalidParameterValue", $"Value ({value}) for parameter {parameter} is invalid. {why}");

    public static ApiException Combination(string message) => new(400, "InvalidParameterCombination", message);

    public static ApiException Malformed(string code, string id, string prefix) =>
        new(400, code + ".Malformed", $"Invalid id: \"{id}\" (expecting \"{prefix}-...\")");

    public static ApiException NotFound(string code, string message) => new(400, code + ".NotFound", message);

    public static ApiException NoSuchInstance(IReadOnlyCollection<string> ids) => NotFound("InvalidInstanceID",
        ids.Count == 1 ? $"The instance ID '{ids.First()}' does not exist" : $"The instance IDs '{string.Join(", ", ids)}' do not exist");

    public static ApiException NotSimulated(string message) =>
        new(400, "UnsupportedOperation", message + " (the simulator does not carry this out)");
}
