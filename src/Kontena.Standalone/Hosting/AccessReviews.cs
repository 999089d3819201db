using Microsoft.AspNetCore.Http;

namespace Kontena.Standalone.Hosting;

/// <summary>The questions "may I?" and "what may I?". There is one user, who may do everything.</summary>
internal static class AccessReviews
{
    private static readonly string[] Questions = ["resourceAttributes", "nonResourceAttributes"];

    public static bool Serves(IReadOnlyList<string> segments) =>
        segments is ["apis", "authorization.k8s.io", "v1", "selfsubjectaccessreviews" or "selfsubjectrulesreviews"];

    public static async Task HandleAsync(HttpContext context, string resource, CancellationToken ct)
    {
        if (context.Request.Method != HttpMethods.Post) throw Fault.MethodNotAllowed();
        var review = (await RequestBody.ReadObjectAsync(context.Request, ct)).Object;
        var questions = Questions.Where(name => (review["spec"] as JsonObject)?[name] is JsonObject).ToList();
        if (resource == "selfsubjectaccessreviews" && questions.Count != 1)
            throw Fault.Invalid("authorization.k8s.io", "", "", [FieldError.Invalid($"spec.{questions.LastOrDefault("resourceAttributes")}", "", "exactly one of nonResourceAttributes or resourceAttributes must be specified")]);
        // The path says what it is, where the body does not.
        (review["apiVersion"], review["kind"]) = ("authorization.k8s.io/v1", resource == "selfsubjectaccessreviews" ? "SelfSubjectAccessReview" : "SelfSubjectRulesReview");
        review["status"] = resource == "selfsubjectaccessreviews" ? new JsonObject { ["allowed"] = true } : new JsonObject
        {
            ["resourceRules"] = new JsonArray(new JsonObject
            {
                ["verbs"] = new JsonArray("*"),
                ["apiGroups"] = new JsonArray("*"),
                ["resources"] = new JsonArray("*"),
            }),
            ["nonResourceRules"] = new JsonArray(new JsonObject { ["verbs"] = new JsonArray("*"), ["nonResourceURLs"] = new JsonArray("*") }),
            ["incomplete"] = false,
        };
        await Answers.JsonAsync(context.Response, 201, review, ct);
    }
}
