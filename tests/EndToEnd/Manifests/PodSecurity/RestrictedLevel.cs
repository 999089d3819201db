using System.Text.Json.Nodes;

namespace Kontena.EndToEnd.Manifests.PodSecurity;

/// <summary>
/// The level <c>restricted</c> of the Pod Security Standards, every control, as Kubernetes 1.34 documents it
/// (kubernetes.io/docs/concepts/security/pod-security-standards). Always as for Linux: what the standard waives for Windows is asked for as well.
/// The real API server of the tests has no Pod Security admission that could be asked instead.
/// </summary>
internal static class RestrictedLevel
{
    private static readonly string[] volumeTypes = ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"];

    /// <summary>What the level forbids in a pod template: path and control. Empty where it passes.</summary>
    public static IReadOnlyList<string> Violations(JsonObject template)
    {
        var pod = new PodParts(template);
        return
        [
            .. BaselineControls.Violations(pod),
            .. pod.Spec["volumes"].Items.Where(v => v.Node is JsonObject volume && volume.Any(f => f.Key != "name" && !volumeTypes.Contains(f.Key))).Select(v => $"{v.Path}: volume type"),
            .. pod.ContainerContexts.Select(c => c["allowPrivilegeEscalation"]).Where(p => !p.IsFalse).Select(p => $"{p.Path}: privilege escalation"),
            .. NonRoot(pod),
            .. pod.AllContexts.Select(c => c["runAsUser"]).Where(p => p.Text == "0").Select(p => $"{p.Path}: root user"),
            .. Seccomp(pod),
            .. pod.ContainerContexts.Select(c => c["capabilities"]["drop"]).Where(p => p.Items.All(i => i.Text != "ALL")).Select(p => $"{p.Path}: capabilities not dropped"),
            .. pod.ContainerContexts.SelectMany(c => c["capabilities"]["add"].Items).Where(p => p.Text != "NET_BIND_SERVICE").Select(p => $"{p.Path}: added capability"),
        ];
    }

    /// <summary>The pod says it, or every container does; none may say otherwise.</summary>
    private static IEnumerable<string> NonRoot(PodParts pod)
    {
        var ofPod = pod.PodContext["runAsNonRoot"];
        if (ofPod.IsFalse) yield return $"{ofPod.Path}: root allowed";
        foreach (var own in pod.ContainerContexts.Select(c => c["runAsNonRoot"]))
            if (own.IsFalse || (own.IsAbsent && !ofPod.IsTrue)) yield return $"{own.Path}: root allowed";
    }

    private static IEnumerable<string> Seccomp(PodParts pod)
    {
        var ofPod = pod.PodContext["seccompProfile"]["type"];
        if (!ofPod.IsAbsent && !IsProfile(ofPod)) yield return $"{ofPod.Path}: seccomp";
        foreach (var own in pod.ContainerContexts.Select(c => c["seccompProfile"]["type"]))
            if (own.IsAbsent ? !IsProfile(ofPod) : !IsProfile(own)) yield return $"{own.Path}: seccomp";
    }

    private static bool IsProfile(PodPart type) => type.Text is "RuntimeDefault" or "Localhost";
}
