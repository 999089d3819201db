using System.Net;
using System.Xml;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;

namespace Kontena.Operator.Providers.Aws.Ec2.Wire;

/// <summary>The document of an answer. Public constructor because the AWS runtime asks for one.</summary>
internal sealed class Ec2Answer : AmazonWebServiceResponse
{
    /// <summary>Set by the unmarshaller before anyone sees the answer.</summary>
    public XElement? Root { get; init; }
}

/// <summary>
/// Reads a whole document or throws: half a page, a proxy's HTML and an empty body must never pass for an empty list.
/// The body was buffered by <see cref="BufferedTransport"/>, so reading it here blocks nobody.
/// </summary>
internal sealed class Ec2Unmarshaller(string action) : XmlResponseUnmarshaller
{
    // A page of 1000 instances with 50 tags each is about 15 million characters.
    private const long LargestDocument = 100_000_000;

    public override AmazonWebServiceResponse Unmarshall(XmlUnmarshallerContext input)
    {
        var root = Load(input.Stream);
        if (root.Name.LocalName == "Response" && root.Child("Errors") is not null) throw Error(root, null, input.ResponseData.StatusCode);
        if (root.Name.LocalName != $"{action}Response")
            throw new FormatException($"the answer is not a {action}Response document");
        return new Ec2Answer { Root = root };
    }

    /// <summary>A refusal. Without a code where the body is not EC2's error document.</summary>
    public override AmazonServiceException UnmarshallException(XmlUnmarshallerContext input, Exception innerException, HttpStatusCode statusCode)
    {
        try
        {
            return Error(Load(input.Stream), innerException, statusCode);
        }
        catch (XmlException)
        {
            return new AmazonServiceException("the answer is not an EC2 error document", innerException, statusCode);
        }
    }

    internal static XElement Load(Stream body)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = LargestDocument };
        using var reader = XmlReader.Create(body, settings);
        return XElement.Load(reader);
    }

    private static AmazonServiceException Error(XElement root, Exception? inner, HttpStatusCode status)
    {
        var error = root.Child("Errors").Child("Error");
        return new AmazonServiceException(error.Text("Message") ?? "", inner, ErrorType.Unknown, error.Text("Code"), root.Text("RequestID"), status);
    }
}
