using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace Kontena.Operator.Providers.Aws.Ec2.Wire;

/// <summary>A call as the AWS runtime carries it.</summary>
internal sealed class Ec2Request(string action, Ec2Form form) : AmazonWebServiceRequest
{
    public string Action => action;

    public Ec2Form Form => form;
}

/// <summary>From a call to a signed-to-be POST with form fields.</summary>
internal sealed class Ec2Marshaller : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var call = (Ec2Request)input;
        var request = new DefaultRequest(call, "Amazon.EC2") { HttpMethod = "POST", ResourcePath = "/" };
        request.Parameters["Action"] = call.Action;
        request.Parameters["Version"] = Ec2Config.ApiVersion;
        foreach (var (name, value) in call.Form.Fields) request.Parameters[name] = value;
        return request;
    }
}
