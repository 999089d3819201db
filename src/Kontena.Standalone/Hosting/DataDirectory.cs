using System.Globalization;
using Kontena.Standalone.Certificates;

namespace Kontena.Standalone.Hosting;

/// <summary>The files of a server, and the lock that keeps a second server out of them.</summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly string path;
    private readonly FileStream claim;

    private DataDirectory(string path, FileStream claim) => (this.path, this.claim) = (path, claim);

    public string Database => Path.Combine(path, "objects.db");

    public string Token => Path.Combine(path, "token");

    public string Kubeconfig => Path.Combine(path, "kubeconfig");

    public string Certificates => path;

    /// <summary>The port of the last start; 0 when there is none.</summary>
    public int Port
    {
        get => File.Exists(PortFile) && int.TryParse(File.ReadAllText(PortFile), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535 ? port : 0;
        set => PrivateFiles.Write(PortFile, value.ToString(CultureInfo.InvariantCulture));
    }

    private string PortFile => Path.Combine(path, "port");

    /// <exception cref="IOException">Another server runs in this directory.</exception>
    public static DataDirectory Open(string directory)
    {
        var path = Path.GetFullPath(directory);
        PrivateFiles.CreateDirectory(path);
        try
        {
            // FileShare.None is an advisory lock on Unix; it goes with the process, however that ends.
            var data = new DataDirectory(path, PrivateFiles.Open(Path.Combine(path, "lock"), FileMode.OpenOrCreate));
            PrivateFiles.Touch(data.Database);
            return data;
        }
        catch (IOException e) when (File.Exists(Path.Combine(path, "lock")))
        {
            throw new IOException($"The data directory {path} cannot be claimed; is another server running in it? ({e.Message})", e);
        }
    }

    public void Dispose() => claim.Dispose();
}
