namespace TrustMesh.Dashboard.Hosting;

/// <summary>Tells whoever started the process where it answers. Appears complete or not at all.</summary>
public static class ReadyFile
{
    /// <param name="path">Null writes nothing.</param>
    public static void Write(string? path, string address)
    {
        if (path is null)
            return;
        var temporary = $"{path}.{Environment.ProcessId}";
        File.WriteAllText(temporary, address + "\n");
        File.Move(temporary, path, overwrite: true);
    }
}
