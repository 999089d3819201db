using System.Text.Json.Nodes;
using Kontena.Kubernetes.Schema;

namespace Kontena.EndToEnd.Manifests.PodSecurity;

/// <summary>The check bites: a pod that passes, and for every control one change that does not.</summary>
public sealed class RestrictedLevelTests
{
    private const string Good = """
        metadata: {annotations: {container.apparmor.security.beta.kubernetes.io/main: runtime/default}}
        spec:
          securityContext: {runAsNonRoot: true, runAsUser: 1654, seccompProfile: {type: RuntimeDefault}, sysctls: [{name: net.ipv4.tcp_syncookies, value: "1"}], seLinuxOptions: {type: container_t}}
          volumes: [{name: token, projected: {}}, {name: scratch, emptyDir: {}}]
          containers:
          - name: main
            ports: [{containerPort: 8080}]
            livenessProbe: {httpGet: {path: /healthz, port: 8080}}
            securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}
          initContainers:
          - name: first
            securityContext: {allowPrivilegeEscalation: false, runAsNonRoot: true, seccompProfile: {type: Localhost, localhostProfile: own.json}, capabilities: {drop: [ALL]}}
        """;

    [Test]
    public void Violations_RestrictedPod_AreNone() => Assert.That(RestrictedLevel.Violations(Template(Good)), Is.Empty);

    // Baseline
    [TestCase("spec.securityContext.windowsOptions.hostProcess", "true", "HostProcess")]
    [TestCase("spec.containers[0].securityContext.windowsOptions.hostProcess", "true", "HostProcess")]
    [TestCase("spec.hostNetwork", "true", "host namespace")]
    [TestCase("spec.hostPID", "true", "host namespace")]
    [TestCase("spec.hostIPC", "true", "host namespace")]
    [TestCase("spec.initContainers[0].securityContext.privileged", "true", "privileged container")]
    [TestCase("spec.containers[0].ports[0].hostPort", "8080", "host port")]
    [TestCase("spec.containers[0].livenessProbe.httpGet.host", "\"10.0.0.1\"", "host of a probe or hook")]
    [TestCase("spec.containers[0].lifecycle.preStop.tcpSocket.host", "\"10.0.0.1\"", "host of a probe or hook")]
    [TestCase("spec.securityContext.appArmorProfile.type", "\"Unconfined\"", "AppArmor")]
    [TestCase("spec.securityContext.seLinuxOptions.type", "\"spc_t\"", "SELinux type")]
    [TestCase("spec.containers[0].securityContext.seLinuxOptions.user", "\"system_u\"", "SELinux user or role")]
    [TestCase("spec.containers[0].securityContext.seLinuxOptions.role", "\"sysadm_r\"", "SELinux user or role")]
    [TestCase("spec.containers[0].securityContext.procMount", "\"Unmasked\"", "/proc mount type")]
    [TestCase("spec.securityContext.sysctls[0].name", "\"kernel.msgmax\"", "sysctl")]
    // Restricted
    [TestCase("spec.volumes[1].hostPath", "{\"path\": \"/\"}", "volume type")]
    [TestCase("spec.volumes[1].nfs", "{\"server\": \"files\"}", "volume type")]
    [TestCase("spec.containers[0].securityContext.allowPrivilegeEscalation", "true", "privilege escalation")]
    [TestCase("spec.containers[0].securityContext.allowPrivilegeEscalation", null, "privilege escalation")]
    [TestCase("spec.securityContext.runAsNonRoot", "false", "root allowed")]
    [TestCase("spec.securityContext.runAsNonRoot", null, "root allowed")]
    [TestCase("spec.initContainers[0].securityContext.runAsNonRoot", "false", "root allowed")]
    [TestCase("spec.securityContext.runAsUser", "0", "root user")]
    [TestCase("spec.containers[0].securityContext.runAsUser", "0", "root user")]
    [TestCase("spec.securityContext.seccompProfile", null, "seccomp")]
    [TestCase("spec.securityContext.seccompProfile.type", "\"Unconfined\"", "seccomp")]
    [TestCase("spec.initContainers[0].securityContext.seccompProfile.type", "\"Unconfined\"", "seccomp")]
    [TestCase("spec.containers[0].securityContext.capabilities", null, "capabilities not dropped")]
    [TestCase("spec.containers[0].securityContext.capabilities.drop[0]", "\"NET_RAW\"", "capabilities not dropped")]
    [TestCase("spec.containers[0].securityContext.capabilities.add[0]", "\"SYS_ADMIN\"", "added capability")]
    [TestCase("spec.containers[0].securityContext", null, "privilege escalation")]
    public void Violations_OneThingChanged_NameIt(string path, string? value, string control)
    {
        var template = Template(Good);
        Set(template, path, value is null ? null : JsonNode.Parse(value));

        Assert.That(RestrictedLevel.Violations(template), Has.Some.EndsWith($": {control}"));
    }

    [Test]
    public void Violations_AppArmorOffByAnnotation_NameIt()
    {
        var template = Template(Good);
        template["metadata"]!["annotations"]!["container.apparmor.security.beta.kubernetes.io/main"] = "unconfined";

        Assert.That(RestrictedLevel.Violations(template), Is.EqualTo(new[] { "metadata.annotations[container.apparmor.security.beta.kubernetes.io/main]: AppArmor" }));
    }

    [Test]
    public void Violations_EphemeralContainer_IsLookedAtToo()
    {
        var template = Template(Good);
        template["spec"]!["ephemeralContainers"] = new JsonArray(new JsonObject { ["name"] = "debug" });

        Assert.That(RestrictedLevel.Violations(template), Has.Some.StartsWith("spec.ephemeralContainers[0]"));
    }

    private static JsonObject Template(string yaml) => YamlDocuments.Read(yaml).Single();

    /// <summary>Makes what is missing on the way; null takes away.</summary>
    private static void Set(JsonObject root, string path, JsonNode? value)
    {
        var steps = path.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('.');
        JsonNode at = root;
        foreach (var step in steps[..^1])
            at = at is JsonArray list ? list[Index(step)]! : at[step] ?? Add((JsonObject)at, step);
        if (at is JsonArray items) items[Index(steps[^1])] = value;
        else if (value is null) ((JsonObject)at).Remove(steps[^1]);
        else at[steps[^1]] = value;
    }

    private static int Index(string step) => int.Parse(step, System.Globalization.CultureInfo.InvariantCulture);

    private static JsonObject Add(JsonObject parent, string name)
    {
        var made = new JsonObject();
        parent[name] = made;
        return made;
    }
}
