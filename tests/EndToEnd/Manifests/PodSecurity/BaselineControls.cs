namespace Kontena.EndToEnd.Manifests.PodSecurity;

/// <summary>The controls of the Pod Security Standards' level <c>baseline</c> that <c>restricted</c> does not put more strictly.</summary>
internal static class BaselineControls
{
    private static readonly string[] selinuxTypes = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

    private static readonly string[] sysctls =
    [
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range",
        "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem",
    ];

    public static IEnumerable<string> Violations(PodParts pod) =>
    [
        .. pod.AllContexts.Select(c => c["windowsOptions"]["hostProcess"]).Where(p => !IsAbsentOrFalse(p)).Select(p => $"{p.Path}: HostProcess"),
        .. new[] { "hostNetwork", "hostPID", "hostIPC" }.Select(f => pod.Spec[f]).Where(p => !IsAbsentOrFalse(p)).Select(p => $"{p.Path}: host namespace"),
        .. pod.ContainerContexts.Select(c => c["privileged"]).Where(p => !IsAbsentOrFalse(p)).Select(p => $"{p.Path}: privileged container"),
        .. pod.Containers.SelectMany(c => c["ports"].Items).Select(p => p["hostPort"]).Where(p => p.Text is not ("" or "0")).Select(p => $"{p.Path}: host port"),
        .. pod.Containers.SelectMany(Handlers).SelectMany(h => new[] { h["httpGet"]["host"], h["tcpSocket"]["host"] }).Where(p => p.Text.Length > 0).Select(p => $"{p.Path}: host of a probe or hook"),
        .. pod.AllContexts.Select(c => c["appArmorProfile"]["type"]).Where(p => p.Text is not ("" or "RuntimeDefault" or "Localhost")).Select(p => $"{p.Path}: AppArmor"),
        .. pod.Annotations.Where(a => a.Key.StartsWith("container.apparmor.security.beta.kubernetes.io/", StringComparison.Ordinal) && !IsAppArmorOn(a.Value)).Select(a => $"metadata.annotations[{a.Key}]: AppArmor"),
        .. pod.AllContexts.Select(c => c["seLinuxOptions"]["type"]).Where(p => !selinuxTypes.Contains(p.Text)).Select(p => $"{p.Path}: SELinux type"),
        .. pod.AllContexts.SelectMany(c => new[] { c["seLinuxOptions"]["user"], c["seLinuxOptions"]["role"] }).Where(p => p.Text.Length > 0).Select(p => $"{p.Path}: SELinux user or role"),
        .. pod.ContainerContexts.Select(c => c["procMount"]).Where(p => p.Text is not ("" or "Default")).Select(p => $"{p.Path}: /proc mount type"),
        .. pod.PodContext["sysctls"].Items.Select(s => s["name"]).Where(p => !sysctls.Contains(p.Text)).Select(p => $"{p.Path}: sysctl"),
    ];

    private static IEnumerable<PodPart> Handlers(PodPart container) =>
    [
        container["livenessProbe"], container["readinessProbe"], container["startupProbe"], container["lifecycle"]["postStart"], container["lifecycle"]["preStop"],
    ];

    private static bool IsAbsentOrFalse(PodPart part) => part.IsAbsent || part.IsFalse;

    private static bool IsAppArmorOn(string profile) => profile is "" or "runtime/default" || profile.StartsWith("localhost/", StringComparison.Ordinal);
}
