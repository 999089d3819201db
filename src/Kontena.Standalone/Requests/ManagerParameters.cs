using System.Text;
using Kontena.Standalone.Faults;
using Kontena.Standalone.Verbs;
using Microsoft.AspNetCore.Http;

namespace Kontena.Standalone.Requests;

/// <summary>fieldManager and force of a write.</summary>
internal static class ManagerParameters
{
    private const int MostBytes = 128;

    /// <returns>The manager that is named, else what the User-Agent begins with.</returns>
    /// <exception cref="StatusException">422: an apply without a manager, a name that is none, or force without an apply.</exception>
    public static (string Manager, bool Force) Read(HttpRequest request, string kind)
    {
        var (manager, force) = (request.Query["fieldManager"].ToString(), ListParameters.Flag(request.Query, "force"));
        var applies = RequestBody.MediaType(request) == PatchRequest.ApplyType;
        var errors = new List<FieldError>();
        if (applies && manager.Length == 0) errors.Add(FieldError.Required("fieldManager", "is required for apply patch"));
        if (!applies && force is not null && kind == "PatchOptions") errors.Add(FieldError.Forbidden("force", "may not be specified for non-apply patch"));
        if (Encoding.UTF8.GetByteCount(manager) > MostBytes) errors.Add(FieldError.TooLong("fieldManager", MostBytes));
        if (manager.Any(char.IsControl)) errors.Add(FieldError.Invalid("fieldManager", manager, "has characters that cannot be printed"));
        if (errors.Count > 0) throw Fault.Invalid("meta.k8s.io", kind, "", errors);
        var agent = request.Headers.UserAgent.ToString().Split('/')[0];
        return (manager.Length > 0 ? manager : new string([.. agent.Where(c => !char.IsControl(c)).Take(MostBytes)]), force == true);
    }
}
