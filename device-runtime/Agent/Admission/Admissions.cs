using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Configuration;

namespace TrustMesh.Agent.Admission;

/// <summary>The admission a configuration asks for.</summary>
public static class Admissions
{
    /// <summary>
    /// Nothing is closed yet: that is <see cref="PeerAdmission.StartAsync"/>. Throws <see cref="IOException"/> where admission is wanted and can not be had:
    /// then the agent must not run, or everybody would be let in by a device that says it lets nobody in. With admission off, doors that an earlier run
    /// closed are opened.
    /// </summary>
    /// <param name="state">Absolute path of the state directory; it names the table.</param>
    /// <param name="meshPort">The port this device's peers knock at.</param>
    public static async Task<IAdmission> OpenAsync(AdmissionSettings settings, string state, int meshPort, ILogger log, CancellationToken stop)
    {
        var table = NftTable.Of(state);
        if (settings.Mode == AdmissionSettings.Nftables) return new NftAdmission(Nft.Find(), table, meshPort, settings.Allow);
        if (Nft.IsUsable && Nft.Find() is var nft && await NftAdmission.IsThereAsync(nft, table, stop))
        {
            await NftAdmission.RemoveAsync(nft, table, stop);
            log.DoorsOpened();
        }
        return new OpenAdmission();
    }
}
