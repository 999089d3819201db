namespace Kontena.TestKit.Engines;

/// <summary>Command lines of the real server's parts. Everything listens on 127.0.0.1 only.</summary>
internal static class ServerProcesses
{
    /// <summary>Of its data, below the folder that it runs in.</summary>
    public const string EtcdFolder = "etcd-data";

    public static string[] Etcd(int client, int peer) =>
    [
        "--name=test", $"--data-dir={EtcdFolder}", "--log-level=error", "--unsafe-no-fsync",
        $"--listen-client-urls=http://127.0.0.1:{client}", $"--advertise-client-urls=http://127.0.0.1:{client}",
        $"--listen-peer-urls=http://127.0.0.1:{peer}", $"--initial-advertise-peer-urls=http://127.0.0.1:{peer}",
        $"--initial-cluster=test=http://127.0.0.1:{peer}",
    ];

    public static string[] ApiServer(Version version, ServerCredentials files, int port, int etcd) =>
    [
        $"--etcd-servers=http://127.0.0.1:{etcd}", "--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", $"--secure-port={port}",
        $"--tls-cert-file={files["server.crt"]}", $"--tls-private-key-file={files["server.key"]}", $"--client-ca-file={files["ca.crt"]}",
        $"--token-auth-file={files["tokens.csv"]}", "--authorization-mode=RBAC",
        "--service-account-issuer=https://kubernetes.default.svc", $"--service-account-signing-key-file={files["sa.key"]}",
        $"--service-account-key-file={files["sa.pub"]}", "--service-cluster-ip-range=10.0.0.0/24",
        $"--requestheader-client-ca-file={files["proxy-ca.crt"]}", "--requestheader-username-headers=X-Remote-User",
        "--requestheader-group-headers=X-Remote-Group", "--requestheader-extra-headers-prefix=X-Remote-Extra-",
        $"--proxy-client-cert-file={files["proxy.crt"]}", $"--proxy-client-key-file={files["proxy.key"]}",
        $"--audit-policy-file={files["audit-policy.yaml"]}", $"--audit-log-path={files["audit.log"]}",
        // As in envtest: no controller makes the default ServiceAccounts that this plugin would insist on.
        "--disable-admission-plugins=ServiceAccount", "--endpoint-reconciler-type=none",
        // Until 1.24 there was a second listener in plain HTTP, on by default.
        .. version < new Version(1, 24) ? ["--insecure-port=0"] : Array.Empty<string>(),
    ];

    /// <summary>
    /// The server in front has controllers for CRDs of its own. Their watches begin at itself, where there are no CRDs; minutes later, when they watch anew, they are led
    /// to the newer server as everybody is, and its finalizer then takes away each definition that is being deleted, objects or not: it finds none, as they lie in
    /// another part of etcd. They ask as a user that is allowed everything for its group alone, so groups are not listened to here, and they are refused.
    /// </summary>
    public static string[] CrdServer(ServerCredentials files, int port, int etcd) =>
    [
        $"--etcd-servers=http://127.0.0.1:{etcd}", "--etcd-prefix=/registry-crd", "--bind-address=127.0.0.1", $"--secure-port={port}",
        $"--tls-cert-file={files["server.crt"]}", $"--tls-private-key-file={files["server.key"]}", $"--kubeconfig={files["kubeconfig"]}",
        $"--authentication-kubeconfig={files["kubeconfig"]}", $"--authorization-kubeconfig={files["kubeconfig"]}",
        $"--requestheader-client-ca-file={files["proxy-ca.crt"]}", "--requestheader-username-headers=X-Remote-User",
        "--requestheader-group-headers=X-Nobody-Sends-This", "--requestheader-extra-headers-prefix=X-Remote-Extra-",
        // Both watch kinds that the 1.20 server in front does not have.
        "--enable-priority-and-fairness=false", "--disable-admission-plugins=ValidatingAdmissionPolicy,MutatingAdmissionPolicy",
    ];

    public static string[] ControllerManager(Version version, ServerCredentials files, int port, string controllers) =>
    [
        $"--kubeconfig={files["kubeconfig"]}", "--bind-address=127.0.0.1", $"--secure-port={port}", "--leader-elect=false",
        $"--root-ca-file={files["ca.crt"]}", $"--service-account-private-key-file={files["sa.key"]}",
        "--use-service-account-credentials=false", $"--controllers={controllers}",
        .. version < new Version(1, 24) ? ["--port=0"] : Array.Empty<string>(),
    ];

    /// <summary>Lifts the limit that kube-controller-manager's client sets itself.</summary>
    public static string[] Unpaced { get; } = ["--kube-api-qps=100000", "--kube-api-burst=100000"];
}
