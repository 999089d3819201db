using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Kontena.EndToEnd.Operator;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Machines;
using OperatingSystem = Kontena.Operator.Core.Api.OperatingSystem;

namespace Kontena.EndToEnd.Identities;

/// <summary>
/// Images that were made after Docker had run in them, with its data on a second disk: all machines of one have one Docker Engine ID, as the
/// operator's own bootstrap, which clears the usual places, does not find it there.
/// </summary>
internal static class CloneImages
{
    /// <summary>The id that every machine of the image has.</summary>
    public static string IdOf(string image) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(image)).AsSpan(0, 16)).ToString("D");

    /// <summary>A cloud that has these images beside the usual ones.</summary>
    public static SceneOptions WithImages(this SceneOptions options, params IReadOnlyList<string> images) => options with
    {
        Ec2 = options.Ec2 with { Images = [.. MachineImage.Defaults, .. images.Select(MachineImage.Cloned)] },
        Machines = options.Machines with { Images = [.. images.Select(Traits)] },
    };

    /// <summary>Machines of the image, each under the id of its Docker Engine.</summary>
    public static NodePoolSpec MadeOf(this NodePoolSpec spec, string? image) => spec with
    {
        Provider = new ProviderSpec { Aws = spec.Provider.Aws! with { Image = image is null ? null : new AwsImage { Name = NameOf(image), Owner = MachineImage.ClonersAccount } } },
        Template = spec.Template with { OperatingSystem = OperatingSystem.Ubuntu },
        Identity = new IdentitySpec { Mode = IdentityMode.Engine },
    };

    /// <summary>A merge patch of a pool's spec: the nodes that it makes from now on are of another image; null: of the newest public one.</summary>
    public static JsonObject Turn(string? image, int replicas) => new()
    {
        ["replicas"] = replicas,
        ["provider"] = new JsonObject { ["aws"] = new JsonObject { ["image"] = image is null ? null : new JsonObject { ["name"] = NameOf(image), ["owner"] = MachineImage.ClonersAccount } } },
    };

    public static string NameOf(string image) => MachineImage.Cloned(image).Name;

    private static ImageTraits Traits(string image) => ImageTraits.Defaults[^1] with { NamePattern = NameOf(image), EngineId = IdOf(image), DataRoot = ImageTraits.ClonedDataRoot };
}
