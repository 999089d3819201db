using System.Text;
using Kontena.Standalone.Admission;
using Kontena.Standalone.Tables;
using Kontena.Standalone.Verbs;
using Kontena.Standalone.Watches;
using Microsoft.AspNetCore.Http;

namespace Kontena.Standalone.Hosting;

/// <summary>The verbs on resources: from an HTTP request to the verb, and from its outcome to the answer.</summary>
internal sealed class ResourceHandler(
    ObjectStore store, Creation creation, Update update, ServerSideApply apply, Deletion deletion, Listing listing, WatchStream watches, TimeProvider time)
{
    private const int ManagerBytes = 128;

    private readonly ObjectAnswers answers = new(time);

    public Task HandleAsync(HttpContext context, RequestTarget target, CancellationToken ct) => (context.Request.Method, target) switch
    {
        // One handler has all verbs of custom kinds: it reads a HEAD as a GET, finds a POST's name in its body and misses it in a PUT's path.
        ("HEAD", { Resource.BuiltIn: false, Subresource: null }) => ReadAsync(context, target, ct),
        ("POST", { Resource.BuiltIn: false, Subresource: null, Name: not null }) => CreateAsync(context, target, ct),
        ("PUT" or "PATCH", { Resource.BuiltIn: false, Name: null }) => throw Fault.BadRequest("name must be provided"),
        ("POST" or "DELETE", { Resource: { BuiltIn: false, Namespaced: true }, Namespace: null }) => Answers.NotFoundAsync(context.Response, ct),
        ("GET", { Subresource: not null }) => GetSubresourceAsync(context, target, ct),
        ("GET", _) => ReadAsync(context, target, ct),
        ("POST", { Name: null }) when !target.Resource.Namespaced || target.Namespace is not null => CreateAsync(context, target, ct),
        ("PUT", { Name: not null }) => PutAsync(context, target, ct),
        ("PATCH", { Name: not null }) => PatchAsync(context, target, ct),
        ("DELETE", { Name: not null, Subresource: null }) => DeleteAsync(context, target, ct),
        ("DELETE", { Name: null }) when target.Resource.Verbs.Contains("deletecollection") && (!target.Resource.Namespaced || target.Namespace is not null) => DeleteCollectionAsync(context, target, ct),
        _ => throw Fault.MethodNotAllowed(target.Resource),
    };

    public static bool IsWatch(HttpRequest request) => HttpMethods.IsGet(request.Method) && ListParameters.Flag(request.Query, "watch") == true;

    private Task ReadAsync(HttpContext context, RequestTarget target, CancellationToken ct)
    {
        var resource = target.Resource;
        if (IsWatch(context.Request))
        {
            var form = AcceptedForm.Read(context.Request.Headers.Accept);
            var rows = ObjectAnswers.Rows(context.Request);
            return watches.RunAsync(context.Response, ListParameters.Read(context.Request.Query, target),
                response => new WatchFrames(resource, form, rows, time, response.BodyWriter), ct);
        }
        return target.Name is not null
            ? answers.ObjectAsync(context, resource, 200, Get(target), ct)
            : answers.ListAsync(context, resource, listing.List(ListParameters.Read(context.Request.Query, target)), ct);
    }

    private Task GetSubresourceAsync(HttpContext context, RequestTarget target, CancellationToken ct) => target.Subresource == "scale"
        ? answers.ObjectAsync(context, target.Resource with { Columns = CoreColumns.Scale }, 200, ScaleSubresource.Show(target.Resource, Get(target)), ct)
        : answers.ObjectAsync(context, target.Resource, 200, Get(target), ct);

    private async Task CreateAsync(HttpContext context, RequestTarget target, CancellationToken ct)
    {
        await CreateAsync(context, target, await RequestBody.ReadObjectAsync(context.Request, ct), ct);
    }

    private async Task CreateAsync(HttpContext context, RequestTarget target, RequestObject body, CancellationToken ct)
    {
        var options = Options(context.Request);
        var created = await creation.CreateAsync(target.Resource, target.Namespace, body, options, ct);
        Answers.AddWarnings(context.Response, options.Warnings);
        await answers.ObjectAsync(context, target.Resource, 201, created, ct);
    }

    private async Task PutAsync(HttpContext context, RequestTarget target, CancellationToken ct)
    {
        var body = await RequestBody.ReadObjectAsync(context.Request, ct);
        if (target.Subresource == "scale")
        {
            await WriteAsync(context, target, current => ScaleSubresource.Write(target.Resource, current, body.Object), false, ct);
            return;
        }
        if (target is { Resource.CreatedByPut: true, Subresource: null } && store.Read(reader => reader.Get(Key(target))) is null)
            await CreateAsync(context, target, body, ct);
        else
            await WriteAsync(context, target, _ => body, !target.Resource.UnconditionalUpdate, ct);
    }

    private async Task PatchAsync(HttpContext context, RequestTarget target, CancellationToken ct)
    {
        if (RequestBody.MediaType(context.Request) == PatchRequest.ApplyType && target.Subresource != "scale")
        {
            await ApplyAsync(context, target, ct);
            return;
        }
        var patch = await PatchRequest.ReadAsync(context.Request, target.Resource, target.Subresource, ct);
        Func<JsonObject, RequestObject> change = target.Subresource == "scale"
            ? current => ScaleSubresource.Write(target.Resource, current, patch.ApplyTo(ScaleSubresource.Show(target.Resource, current, orNone: true)).Object)
            : current => SameUid(target, current, patch.ApplyTo(current));
        try { await WriteAsync(context, target, change, !target.Resource.UnconditionalUpdate, ct); }
        catch (StatusException e) when (e.Undecodable) { throw Fault.PatchedUndecodable(e); }
    }

    /// <summary>A PUT with another uid meets another object, a patch would change this one.</summary>
    private static RequestObject SameUid(RequestTarget target, JsonObject current, RequestObject patched) => patched.Object.Uid() is { Length: > 0 } uid && uid != current.Uid()
        ? throw Fault.Invalid(target.Resource, target.Name!, [FieldError.Invalid("metadata.uid", uid, "field is immutable")])
        : patched;

    private async Task ApplyAsync(HttpContext context, RequestTarget target, CancellationToken ct)
    {
        var options = Options(context.Request);
        var config = await RequestBody.ReadConfigurationAsync(context.Request, ct);
        var (applied, created) = await apply.ApplyAsync(target.Resource, Key(target), target.Subresource, config, options, ct);
        Answers.AddWarnings(context.Response, options.Warnings);
        await answers.ObjectAsync(context, target.Resource, created ? 201 : 200, applied, ct);
    }

    private async Task WriteAsync(HttpContext context, RequestTarget target, Func<JsonObject, RequestObject> change, bool requireVersion, CancellationToken ct)
    {
        var options = Options(context.Request);
        var updated = await update.ApplyAsync(target.Resource, Key(target), target.Subresource, change, requireVersion, options, ct);
        Answers.AddWarnings(context.Response, options.Warnings);
        if (target.Subresource == "scale") await Answers.JsonAsync(context.Response, 200, ScaleSubresource.Show(target.Resource, updated), ct);
        else await answers.ObjectAsync(context, target.Resource, 200, updated, ct);
    }

    private async Task DeleteAsync(HttpContext context, RequestTarget target, CancellationToken ct)
    {
        var parameters = DeleteParameters.Read(context.Request.Query, await RequestBody.ReadOptionalAsync(context.Request, ct));
        var deleted = await deletion.DeleteAsync(target.Resource, Key(target), parameters, ct);
        if (!deleted.Gone)
        {
            await answers.ObjectAsync(context, target.Resource, 200, deleted.Object, ct);
            return;
        }
        var details = new JsonObject { ["name"] = target.Name, ["kind"] = target.Resource.Plural, ["uid"] = deleted.Object.Uid() };
        if (target.Resource.Group.Length > 0) details["group"] = target.Resource.Group;
        var status = new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["details"] = details };
        await Answers.JsonAsync(context.Response, 200, status, ct);
    }

    private async Task DeleteCollectionAsync(HttpContext context, RequestTarget target, CancellationToken ct)
    {
        var parameters = DeleteParameters.Read(context.Request.Query, await RequestBody.ReadOptionalAsync(context.Request, ct));
        var listed = listing.List(ListParameters.Read(context.Request.Query, target));
        foreach (var item in listed.Items)
        {
            try
            {
                await deletion.DeleteAsync(target.Resource, item.Key, parameters, ct);
            }
            catch (StatusException e) when (e.Reason == "NotFound")
            {
                // Someone else was quicker; it is gone, which is what was asked for.
            }
        }
        await answers.ListAsync(context, target.Resource, listed, ct);
    }

    private JsonObject Get(RequestTarget target)
    {
        var stored = store.Read(reader => reader.Get(Key(target))) ?? throw Fault.NotFound(target.Resource, target.Name!);
        return StoredVersions.Convert(JsonText.ParseObject(stored.Json), target.Resource);
    }

    private static ObjectKey Key(RequestTarget target) => target.Resource.Key(target.Namespace, target.Name!);

    private static WriteOptions Options(HttpRequest request)
    {
        var kind = request.Method switch
        {
            "POST" => "CreateOptions",
            "PUT" => "UpdateOptions",
            "PATCH" => "PatchOptions",
            var other => throw new InvalidOperationException($"{other} takes no options of a write."),
        };
        var validation = request.Query["fieldValidation"].ToString() switch
        {
            "" or "Warn" => FieldValidation.Warn,
            "Ignore" => FieldValidation.Ignore,
            "Strict" => FieldValidation.Strict,
            var other => throw Fault.Invalid("meta.k8s.io", kind, "", [FieldError.NotSupported("fieldValidation", other, ["Ignore", "Strict", "Warn"])]),
        };
        var dryRun = DryRunParameter.Read(request.Query["dryRun"].OfType<string>(), kind);
        var (manager, force) = (request.Query["fieldManager"].ToString(), ListParameters.Flag(request.Query, "force"));
        var applies = RequestBody.MediaType(request) == PatchRequest.ApplyType;
        var errors = new List<FieldError>();
        if (applies && manager.Length == 0) errors.Add(FieldError.Required("fieldManager", "is required for apply patch"));
        if (!applies && force is not null && kind == "PatchOptions") errors.Add(FieldError.Forbidden("force", "may not be specified for non-apply patch"));
        if (Encoding.UTF8.GetByteCount(manager) > ManagerBytes) errors.Add(FieldError.TooLong("fieldManager", ManagerBytes));
        if (manager.Any(char.IsControl)) errors.Add(FieldError.Invalid("fieldManager", manager, "has characters that cannot be printed"));
        if (errors.Count > 0) throw Fault.Invalid("meta.k8s.io", kind, "", errors);
        var agent = request.Headers.UserAgent.ToString().Split('/')[0].Where(c => !char.IsControl(c)).Take(ManagerBytes);
        return new WriteOptions(dryRun, validation, manager.Length > 0 ? manager : string.Concat(agent), force == true);
    }
}
