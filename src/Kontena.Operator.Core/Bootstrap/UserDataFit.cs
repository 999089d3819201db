using System.Globalization;
using System.Text;
using Kontena.Operator.Core.Machines;
using OperatingSystem = Kontena.Operator.Core.Api.OperatingSystem;

namespace Kontena.Operator.Core.Bootstrap;

/// <summary>Makes a node's user-data fit what its provider takes.</summary>
public static class UserDataFit
{
    /// <summary>
    /// The data as it is where it fits, else compressed: for cloud-init as gzip, where the provider takes bytes; for Flatcar within
    /// an Ignition config, since Ignition does not unpack user-data (coreos/ignition pull request 1100, declined), but does unpack
    /// configs that it merges. A plain Docker host's data is left as it is: the provider's own limit speaks.
    /// </summary>
    /// <param name="rendered">Of <see cref="BootstrapData.Render"/> and the same input.</param>
    /// <exception cref="BootstrapException">It does not fit; says by how much and what to shorten.</exception>
    public static byte[] Fit(byte[] rendered, BootstrapInput input, DriverPromises promises)
    {
        if (input.Agent is null || rendered.Length <= promises.UserDataLimit) return rendered;
        var compressed = Compressed(rendered, input, promises);
        return compressed is not null && compressed.Length <= promises.UserDataLimit ? compressed
            : throw new BootstrapException("spec.template.userData", Message(rendered, compressed, input, promises));
    }

    private static byte[]? Compressed(byte[] rendered, BootstrapInput input, DriverPromises promises) => input.Template.OperatingSystem switch
    {
        OperatingSystem.Flatcar => Encoding.UTF8.GetBytes(Ignition.Merge(compress: true, rendered)),
        _ => promises.GzipUserData ? Gzip.Compress(rendered) : null,
    };

    private static string Message(byte[] rendered, byte[]? compressed, BootstrapInput input, DriverPromises promises)
    {
        var packed = compressed is null ? "the provider takes no compressed data" : Text($"{compressed.Length} compressed");
        var users = input.UserData?.Length ?? 0;
        var authority = input.Agent?.MasterCa?.Length ?? 0;
        return Text($"the node's user-data has {rendered.Length} bytes ({packed}), and the provider takes {promises.UserDataLimit}. ")
            + Text($"Your own part of it has {users} bytes, the certificate authority of the Grid {authority}: ")
            + "let spec.template.userData fetch what is long (#include, or files from a URL), leave comments out, and give the Grid the one certificate that is needed.";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
