using System.IO.MemoryMappedFiles;

namespace Kontena.Fuzz.Engine;

/// <summary>
/// The input that is being tried, in a file mapped to memory: a stack overflow ends the process at once, and the next run finds
/// here what it was given.
/// </summary>
internal sealed class LastInput(string target)
{
    private const int Room = 1 << 20;

    private readonly string path = Path.Combine(AppContext.BaseDirectory, $"{target}.running");
    private MemoryMappedViewAccessor? view;

    public void Write(byte[] input)
    {
        view ??= MemoryMappedFile.CreateFromFile(path, FileMode.Create, null, Room).CreateViewAccessor();
        var kept = Math.Min(input.Length, Room - sizeof(int));
        view.WriteArray(sizeof(int), input, 0, kept);
        view.Write(0, kept);
    }

    public void Clear()
    {
        view?.Dispose();
        view = null;
        File.Delete(path);
    }

    /// <summary>What a run left that died; it is taken away.</summary>
    public byte[]? Left()
    {
        if (!File.Exists(path)) return null;
        var bytes = File.ReadAllBytes(path);
        Clear();
        var length = bytes.Length < sizeof(int) ? 0 : BitConverter.ToInt32(bytes);
        return length == 0 ? null : bytes[sizeof(int)..(sizeof(int) + length)];
    }
}
