using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;

namespace Kontena.Operator.Providers.Aws.Ec2.Wire;

/// <summary>
/// Settings of the AWS runtime for EC2. Its retries are off, the ones for stale connections too: one place repeats calls
/// (<see cref="Shared.ResilientDriver"/>), and a hidden second send would make an outcome unknown behind our back.
/// </summary>
internal sealed class Ec2Config : ClientConfig
{
    public const string ApiVersion = "2016-11-15";

    private readonly string url;

    public Ec2Config(string region, string url, HttpClient http) : base(new Defaults())
    {
        this.url = url;
        AuthenticationServiceName = "ec2";
        AuthenticationRegion = region;
        ServiceURL = url;
        EndpointProvider = new StaticEndpointProvider(url);
        RetryMode = RequestRetryMode.Standard;
        MaxErrorRetry = 0;
        MaxStaleConnectionRetries = 0;
        ThrottleRetries = false;
        IgnoreConfiguredEndpointUrls = true;
        // The runtime's own log holds whole answers when it is turned up. What is worth a line is logged by us.
        DisableLogging = true;
        HttpClientFactory = new OneHttpClient(http);
    }

    public override string ServiceVersion => ApiVersion;

    public override string UserAgent => "kontena-operator";

    public override string RegionEndpointServiceName => "ec2";

    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) => new(url);

    private sealed class Defaults : IDefaultConfigurationProvider
    {
        public IDefaultConfiguration GetDefaultConfiguration(Amazon.RegionEndpoint clientRegion, DefaultConfigurationMode? requestedConfigurationMode = null) =>
            new DefaultConfiguration { Name = DefaultConfigurationMode.Standard, RetryMode = RequestRetryMode.Standard };
    }
}
