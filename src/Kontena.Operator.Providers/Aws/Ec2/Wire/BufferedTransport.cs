namespace Kontena.Operator.Providers.Aws.Ec2.Wire;

/// <summary>
/// The connection under the AWS runtime. Reads each answer to its end while the caller's deadline still holds (the runtime
/// itself reads bodies synchronously, where no token reaches), and remembers whether a request can have arrived.
/// </summary>
internal sealed class BufferedTransport : DelegatingHandler
{
    private const long LargestAnswer = 100 * 1024 * 1024;

    private static readonly AsyncLocal<Sending?> current = new();

    private BufferedTransport() : base(new SocketsHttpHandler
    {
        // A long-lived connection keeps an address that DNS no longer gives.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(5),
        AllowAutoRedirect = false,
    })
    {
    }

    /// <summary>The deadline of each call is the caller's token; HttpClient's own would run on the system clock.</summary>
    public static HttpClient Open() => new(new BufferedTransport()) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Begins to watch the calls of this asynchronous flow.</summary>
    public static Sending Watch() => current.Value = new Sending();

    /// <summary>What this flow sends from here on is another call's errand: getting credentials is not carrying out the call.</summary>
    public static void StopWatching() => current.Value = null;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sending = current.Value;
        sending?.MayHaveArrived = true;
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            await BufferAsync(response, cancellationToken);
            return response;
        }
        catch (HttpRequestException e) when (NeverConnected(e))
        {
            sending?.MayHaveArrived = false;
            throw;
        }
    }

    private static async Task BufferAsync(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(LargestAnswer, ct);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static bool NeverConnected(HttpRequestException e) => e.HttpRequestError is
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;

    /// <summary>What became of one call's request.</summary>
    internal sealed class Sending
    {
        public bool MayHaveArrived { get; set; }
    }
}
