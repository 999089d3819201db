using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Bootstrap;

/// <summary>
/// The few lines of shell that a machine runs itself, since only it knows: its instance id, its interfaces, its kernel, its clock.
/// POSIX sh; <c>/opt</c>, because Flatcar's <c>/usr</c> cannot be written.
/// </summary>
internal static class BootScripts
{
    public const string Identity = "/opt/kontena/bin/identity";
    public const string Leftovers = "/opt/kontena/bin/leftovers";
    public const string PeerInterface = "/opt/kontena/bin/peer-interface";
    public const string Esp = "/opt/kontena/bin/esp";
    public const string Clock = "/opt/kontena/bin/clock";

    /// <summary>What <see cref="PeerInterface"/> found, for <c>docker run --env-file</c>.</summary>
    public const string FoundPath = "/run/kontena-agent.env";

    /// <summary>
    /// Removes the Docker identity that an image brought along, once per instance: machines with one id push each other out of the
    /// grid (close code 4041). Both forms go together, as Docker makes either from the other: key.json before 23.0, engine-id since
    /// (moby #43555). A reboot finds the instance's id written down and leaves all as it is. cloud-init sets INSTANCE_ID for bootcmd;
    /// elsewhere the hypervisor's id of the machine stands for it. A Docker that runs already would write its old id back, so it
    /// is stopped meanwhile.
    /// </summary>
    public static string IdentityText(DockerSpec? docker) => $$"""
        #!/bin/sh
        # A Docker identity of this instance's own: once per instance, never on a reboot.
        set -eu
        id=${INSTANCE_ID:-$(cat /sys/class/dmi/id/product_uuid 2>/dev/null || echo unknown)}
        seen=/var/lib/kontena/instance-id
        [ "$(cat "$seen" 2>/dev/null || :)" != "$id" ] || exit 0
        running=
        if systemctl is-active --quiet docker.service; then
          running=yes
          # Not every Docker has a socket unit; where there is one, it would start Docker again.
          systemctl stop docker.socket 2>/dev/null || :
          systemctl stop docker.service
        fi
        rm -f /etc/docker/key.json {{(docker?.DataRoot ?? DockerSettings.DefaultDataRoot).TrimEnd('/')}}/engine-id
        mkdir -p /var/lib/kontena
        : > /var/lib/kontena/leftovers
        echo "$id" > "$seen.new"
        mv "$seen.new" "$seen"
        [ -z "$running" ] || systemctl start docker.service

        """;

    /// <summary>
    /// Containers of an image made from a node: the old peer name (weavedb), the old etcd member (kontena-etcd-data). A Docker that
    /// does not answer fails the script, so that the mark stays until they are really gone.
    /// </summary>
    public const string LeftoversText = """
        #!/bin/sh
        # Containers that an image brought along: they belong to the grid of the machine that it was made from.
        set -eu
        mark=/var/lib/kontena/leftovers
        [ -e "$mark" ] || exit 0
        found=$(docker ps --all --quiet --filter 'name=^/?(weave|weavedb|kontena-etcd|kontena-etcd-data|kontena-ipam-plugin|kontena-cadvisor|kontena-agent)$')
        [ -z "$found" ] || docker rm --force --volumes $found
        rm -f "$mark"

        """;

    /// <summary>
    /// The agent's own guess is eth1, then eth0 (agent/lib/kontena/workers/node_info_worker.rb): clouds with one interface call it ens5
    /// or enp1s0, and a node without a peer address never joins the overlay. The name and not the address: the agent reads the
    /// address again whenever it reports.
    /// </summary>
    public const string PeerInterfaceText = """
        #!/bin/sh
        # Other nodes reach this one at the interface of its default route.
        set -eu
        interface=$(ip -4 route show default | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1)
        if [ -z "$interface" ]; then
          echo 'no default route yet' >&2
          exit 1
        fi
        echo "KONTENA_PEER_INTERFACE=$interface" > /run/kontena-agent.env

        """;

    /// <summary>Asks the kernel for just what Weave's encrypted fast datapath needs (weave 1.9.3 net/ipsec): ESP in transport mode with AES-GCM.</summary>
    public const string EspText = """
        #!/bin/sh
        # Can this kernel encrypt the overlay (IPSec ESP)? Adds a security association between two loopback addresses and removes it.
        set -eu
        modprobe -q -a xfrm_user esp4 2>/dev/null || :
        probe='src 127.0.0.1 dst 127.0.0.2 proto esp spi 0x4b6f6e74'
        ip xfrm state delete $probe 2>/dev/null || :
        if ! ip xfrm state add $probe mode transport aead 'rfc4106(gcm(aes))' 0x0000000000000000000000000000000000000000 128; then
          echo 'this kernel has no IPSec ESP (esp4, xfrm, AES-GCM): the overlay cannot be encrypted in the kernel' >&2
          exit 1
        fi
        ip xfrm state delete $probe

        """;

    /// <summary>
    /// The Master refuses clocks that are more than 1 s ahead or 6 s behind (4020). A minute at most: the agent tries again for
    /// ever, and the Master's answer says more than a machine that stays silent.
    /// </summary>
    public const string ClockText = """
        #!/bin/sh
        # The Master refuses agents whose clock is wrong: give the time service a minute.
        tries=60
        while [ "$(timedatectl show --property=NTPSynchronized --value 2>/dev/null)" != yes ]; do
          tries=$((tries - 1))
          if [ "$tries" -le 0 ]; then
            echo 'the clock is not synchronised after a minute; going on' >&2
            exit 0
          fi
          sleep 1
        done

        """;
}
