using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;

namespace Kontena.Operator.Providers.Aws.Ec2.Wire;

/// <summary>
/// Signs and sends EC2 calls with the AWS runtime (credential chain, SigV4, pipeline). The vendor's EC2 package is not
/// used; the runtime's types for generated clients are public but internal by name, so the version is pinned and tests cover them.
/// </summary>
internal sealed class Ec2Transport : AmazonServiceClient
{
    private static readonly Ec2Marshaller marshaller = new();

    private readonly HttpClient http;

    /// <param name="credentials">Null for the runtime's default chain.</param>
    public static Ec2Transport Open(AWSCredentials? credentials, string region, string url)
    {
        var http = BufferedTransport.Open();
        var config = new Ec2Config(region, url, http);
        return credentials is null ? new Ec2Transport(config, http) : new Ec2Transport(credentials, config, http);
    }

    private Ec2Transport(Ec2Config config, HttpClient http) : base(config) => this.http = http;

    private Ec2Transport(AWSCredentials credentials, Ec2Config config, HttpClient http) : base(credentials, config) => this.http = http;

    protected override IServiceMetadata ServiceMetadata { get; } = new Metadata();

    public async Task<XElement> SendAsync(string action, Ec2Form form, CancellationToken ct)
    {
        var options = new InvokeOptions { RequestMarshaller = marshaller, ResponseUnmarshaller = new Ec2Unmarshaller(action) };
        var answer = await InvokeAsync<Ec2Answer>(new Ec2Request(action, form), options, ct);
        return answer.Root ?? throw new InvalidOperationException("the unmarshaller left the answer empty");
    }

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new FixedEndpoint());
        pipeline.AddHandlerAfter<Marshaller>(new SigV4Only());
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) http.Dispose();
    }

    private sealed class Metadata : IServiceMetadata
    {
        public string ServiceId => "EC2";

        public IDictionary<string, string> OperationNameMapping { get; } = new Dictionary<string, string>();
    }

    private sealed class FixedEndpoint : BaseEndpointResolver
    {
        // Ec2Config ignores the parameters: its URL is the endpoint.
        public override Endpoint GetEndpoint(IExecutionContext executionContext) =>
            executionContext.RequestContext.ClientConfig.DetermineServiceOperationEndpoint(new ServiceOperationEndpointParameters(executionContext.RequestContext.OriginalRequest));

        protected override EndpointParameters MapEndpointsParameters(IRequestContext requestContext) => new();
    }

    private sealed class SigV4Only : BaseAuthResolverHandler
    {
        protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) =>
            [new AuthSchemeOption { SchemeId = "aws.auth#sigv4" }];
    }
}
