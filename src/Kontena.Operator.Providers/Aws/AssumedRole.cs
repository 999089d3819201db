using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Kontena.Operator.Providers.Aws.Ec2;
using Kontena.Operator.Providers.Aws.Ec2.Wire;

namespace Kontena.Operator.Providers.Aws;

/// <summary>
/// The temporary keys of a role, renewed before they end. The runtime's own class for this builds its STS client itself and
/// cannot be pointed at another endpoint.
/// </summary>
internal sealed class AssumedRole : RefreshingAWSCredentials
{
    private static readonly TimeSpan deadline = TimeSpan.FromSeconds(20);

    private readonly HttpClient http;
    private readonly AmazonSecurityTokenServiceClient sts;
    private readonly string roleArn;
    private readonly string? externalId;
    private readonly TimeProvider time;

    /// <param name="keys">Who assumes the role; null for the operator's own surroundings.</param>
    public static AssumedRole Open(AWSCredentials? keys, AwsEndpoints endpoints, string roleArn, string? externalId, TimeProvider time)
    {
        var http = BufferedTransport.Open();
        var config = new AmazonSecurityTokenServiceConfig
        {
            ServiceURL = endpoints.Sts,
            AuthenticationRegion = endpoints.Region,
            IgnoreConfiguredEndpointUrls = true,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,
            DisableLogging = true,
            HttpClientFactory = new OneHttpClient(http),
        };
        var sts = keys is null ? new AmazonSecurityTokenServiceClient(config) : new AmazonSecurityTokenServiceClient(keys, config);
        return new AssumedRole(http, sts, roleArn, externalId, time);
    }

    private AssumedRole(HttpClient http, AmazonSecurityTokenServiceClient sts, string roleArn, string? externalId, TimeProvider time)
    {
        (this.http, this.sts, this.roleArn, this.externalId, this.time) = (http, sts, roleArn, externalId, time);
        // A call that is signed now may wait in a queue before it is sent.
        PreemptExpiryTime = TimeSpan.FromMinutes(5);
    }

    protected override CredentialsRefreshState GenerateNewCredentials() =>
        throw new NotSupportedException("Credentials are only asked for asynchronously.");

    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        BufferedTransport.StopWatching();
        // The runtime gives no token here: without a deadline of its own a hung STS would hold every call for ever.
        using var limit = new CancellationTokenSource(deadline, time);
        var call = new Ec2Call("AssumeRole", roleArn, sts.Config.AuthenticationRegion, Mutates: false);
        try
        {
            var request = new AssumeRoleRequest { RoleArn = roleArn, RoleSessionName = "kontena-operator", ExternalId = externalId };
            var keys = (await sts.AssumeRoleAsync(request, limit.Token)).Credentials;
            if (keys is not { AccessKeyId.Length: > 0, SecretAccessKey.Length: > 0, SessionToken.Length: > 0, Expiration: { } expiration })
                throw new FormatException("the answer holds no complete credentials");
            return new CredentialsRefreshState(new ImmutableCredentials(keys.AccessKeyId, keys.SecretAccessKey, keys.SessionToken), expiration.ToUniversalTime());
        }
        catch (Exception e) when (AwsFaults.IsOfTheWorld(e))
        {
            throw limit.IsCancellationRequested ? AwsFaults.NoAnswer(call, deadline, mayHaveArrived: false) : AwsFaults.From(call, e, mayHaveArrived: false);
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;
        sts.Dispose();
        http.Dispose();
    }
}
