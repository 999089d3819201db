using System.IO.Compression;

namespace Kontena.Operator.Core.Bootstrap;

/// <summary>gzip without a time stamp: equal input, equal bytes, as long as .NET's zlib stays the same. A kept attempt keeps its bytes.</summary>
internal static class Gzip
{
    public static byte[] Compress(byte[] data)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize)) gzip.Write(data);
        return compressed.ToArray();
    }
}
