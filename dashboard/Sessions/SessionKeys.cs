using Microsoft.AspNetCore.DataProtection;

namespace TrustMesh.Dashboard.Sessions;

/// <summary>The keys that encrypt sign-in cookies, and with them the silo's tokens.</summary>
public static class SessionKeys
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <param name="state">Folder made with mode 0700; null keeps the keys in memory.</param>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public static void AddSessionKeys(this IServiceCollection services, string? state)
    {
        var protection = services.AddDataProtection().SetApplicationName("trustmesh-dashboard");
        if (state is null)
        {
            protection.UseEphemeralDataProtectionProvider();
            return;
        }
        var folder = new DirectoryInfo(Path.Combine(Path.GetFullPath(state), "session-keys"));
        if (OperatingSystem.IsWindows())
            folder.Create();
        else
        {
            Directory.CreateDirectory(folder.FullName, OwnerOnly);
            // It may have been there before, made by somebody less careful (A45).
            File.SetUnixFileMode(folder.FullName, OwnerOnly);
        }
        protection.PersistKeysToFileSystem(folder);
    }
}
