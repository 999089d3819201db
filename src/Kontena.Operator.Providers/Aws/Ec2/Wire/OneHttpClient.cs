using Amazon.Runtime;

namespace Kontena.Operator.Providers.Aws.Ec2.Wire;

/// <summary>Gives the AWS runtime a client that its maker disposes of.</summary>
internal sealed class OneHttpClient(HttpClient http) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => http;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
}
