namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>Looking at objects in all the ways kubectl has.</summary>
public static class Reading
{
    [Interaction]
    public static async Task Get_Table(Scene scene)
    {
        await scene.KubectlAsync("get np");
        await scene.QuietlyAsync("create -f -", Documents.Pool("web"));
        await scene.KubectlAsync("get np");
        await SetStatusAsync(scene);
        await scene.KubectlAsync("get np web");
        await scene.KubectlAsync("get nodepool/web --no-headers");
    }

    [Interaction]
    public static async Task Get_Wide(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web", metadata: ", labels: {tier: front}"));
        await SetStatusAsync(scene);
        await scene.KubectlAsync("get np -o wide");
        await scene.KubectlAsync("get np --show-labels");
        await scene.KubectlAsync("get np -L tier");
    }

    [Interaction]
    public static async Task Get_JsonAndYaml_SayTheSame(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web", metadata: ", labels: {tier: front}, finalizers: [example.org/hold]"));
        await SetStatusAsync(scene);
        await scene.KubectlObjectAsync("get np web -o json");
        await scene.KubectlObjectAsync("get np web -o yaml");
        await scene.KubectlObjectAsync("get np -o json");
    }

    [Interaction]
    public static async Task Get_NameJsonpathAndColumns(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web"));
        await scene.QuietlyAsync("create -f -", Documents.Pool("db", replicas: 3));
        await scene.KubectlAsync("get np -o name");
        await scene.KubectlAsync("get np -o 'jsonpath={range .items[*]}{.metadata.name}={.spec.replicas} {end}'");
        await scene.KubectlAsync("get np -o custom-columns=N:.metadata.name,R:.spec.replicas,S:.status.replicas");
        await scene.KubectlAsync("get np --sort-by=.spec.replicas -o name");
        await scene.KubectlAsync("get np nobody web -o name");
    }

    [Interaction]
    public static async Task Get_Selectors(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web", metadata: ", labels: {tier: front, team: a}"));
        await scene.QuietlyAsync("create -f -", Documents.Pool("api", metadata: ", labels: {tier: back, team: a}"));
        await scene.QuietlyAsync("create -f -", Documents.Pool("db", metadata: ", labels: {team: b}"));
        foreach (var selector in new[] { "team=a", "'tier in (front,back)'", "'tier notin (front)'", "'!tier'", "tier", "team!=a", "tier=front,team=a" })
            await scene.KubectlAsync($"get np -o name -l {selector}");
        await scene.KubectlAsync("get np -o name --field-selector metadata.name=db");
        await scene.KubectlAsync("get np -o name --field-selector metadata.name!=db");
        await scene.HttpAsync(HttpMethod.Get, "{pools}?fieldSelector=spec.replicas%3D2");
        await scene.HttpAsync(HttpMethod.Get, "{pools}?labelSelector=%3D%3D");
    }

    [Interaction]
    public static async Task Get_AllNamespaces(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web", metadata: $", labels: {{of: {scene.Namespace}}}"));
        await scene.KubectlAsync($"get np -A -l of={scene.Namespace}");
        await scene.KubectlAsync($"get np -A --field-selector metadata.namespace={scene.Namespace}");
    }

    [Interaction]
    public static async Task Get_Category(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web"));
        await scene.KubectlAsync("get kontena -o name");
    }

    [Interaction]
    public static async Task Get_Watch_ShowsEachChange(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web"));
        using var watch = scene.Start("get np -w");
        await scene.ReadLineAsync(watch);
        await scene.ReadLineAsync(watch);
        await scene.QuietlyAsync("scale np web --replicas=4");
        await scene.ReadLineAsync(watch);
        await scene.QuietlyAsync("create -f -", Documents.Pool("db"));
        await scene.ReadLineAsync(watch);
        await scene.QuietlyAsync("delete np web");
        await scene.ReadLineAsync(watch);
    }

    [Interaction]
    public static async Task Get_WatchEvents_NamesThem(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web"));
        using var watch = scene.Start("""get np web -w --output-watch-events -o 'jsonpath={.type} {.object.metadata.labels}{"\n"}'""");
        await scene.ReadLineAsync(watch);
        await scene.QuietlyAsync("label np web tier=front");
        await scene.ReadLineAsync(watch);
        await scene.QuietlyAsync("delete np web");
        await scene.ReadLineAsync(watch);
    }

    [Interaction]
    public static async Task Describe_ShowsStatusAndEvents(Scene scene)
    {
        var uid = await CreateWithEventAsync(scene);
        await SetStatusAsync(scene);
        Assert.That(uid, Is.Not.Empty);
        var described = await scene.QuietlyAsync("describe np web");
        foreach (var line in described.Split('\n').Where(IsAboutTheObject)) scene.Say(line);

        static bool IsAboutTheObject(string line) =>
            line.StartsWith("Name", StringComparison.Ordinal) || line.StartsWith("API Version", StringComparison.Ordinal)
            || line.StartsWith("Kind", StringComparison.Ordinal) || line.StartsWith("Events", StringComparison.Ordinal)
            || line.Contains("Replicas", StringComparison.Ordinal) || line.Contains("Reason", StringComparison.Ordinal)
            || line.Contains("QuotaExceeded", StringComparison.Ordinal);
    }

    [Interaction]
    public static async Task Events_ByObjectAndType(Scene scene)
    {
        var uid = await CreateWithEventAsync(scene);
        // Their ages are years and differ with the day: only what does not age is shown.
        const string Columns = "-o custom-columns=T:.type,R:.reason,M:.message,O:.involvedObject.name,C:.count";
        await scene.KubectlAsync($"get events {Columns}");
        await scene.KubectlAsync($"get events {Columns} --field-selector involvedObject.name=web,involvedObject.kind=NodePool");
        await scene.KubectlAsync($"get events {Columns} --field-selector involvedObject.name=nobody");
        await scene.KubectlAsync($"get events {Columns} --field-selector type=Normal");
        await scene.KubectlAsync($"get events {Columns} --field-selector reason=QuotaExceeded");
        await scene.KubectlAsync("get events --no-headers");
        Assert.That(await scene.QuietlyAsync($"get events -o name --field-selector involvedObject.uid={uid}"), Is.EqualTo("event/web.1\n"));
        Assert.That(await scene.QuietlyAsync("events --for np/web --no-headers"), Does.Contain("QuotaExceeded"));
    }

    [Interaction]
    public static async Task ApiResources_ListNodePools(Scene scene)
    {
        var all = await scene.QuietlyAsync("api-resources --api-group=kontena.io");
        foreach (var line in all.Split('\n').Where(l => l.StartsWith("NAME", StringComparison.Ordinal) || l.StartsWith("nodepools", StringComparison.Ordinal)))
            scene.Say(line);
        var resources = await scene.HttpAsync(HttpMethod.Get, "/apis/kontena.io/v1alpha1", show: ["groupVersion"]);
        foreach (var resource in resources.Json["resources"]!.AsArray().OrderBy(r => $"{r!["name"]}", StringComparer.Ordinal))
            if ($"{resource!["name"]}".StartsWith("nodepools", StringComparison.Ordinal))
                scene.Say($"{resource["name"]} {resource["kind"]} {string.Join(',', resource["verbs"]!.AsArray().Select(v => $"{v}").Order(StringComparer.Ordinal))}");
        await scene.HttpAsync(HttpMethod.Get, "/apis/kontena.io", show: ["name", "preferredVersion.version", "versions.0.groupVersion"]);
        await scene.HttpAsync(HttpMethod.Get, "/apis/kontena.io/v1alpha1/nothing");
    }

    private static async Task<string> CreateWithEventAsync(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web"));
        var uid = await scene.QuietlyAsync("get np web -o jsonpath={.metadata.uid}");
        await scene.QuietlyAsync("create -f -", Documents.Event("web.1", uid, scene.Namespace));
        return uid;
    }

    private static async Task SetStatusAsync(Scene scene) => await scene.QuietlyAsync(
        $"patch np web --subresource=status --type=merge -p '{Documents.Status("False", "NodesNotReady", readyReplicas: 1)}'");
}
