#!/usr/bin/python3
"""The lecture's own program, on this project's engine. The one line to change is the import:
"import libtorrent as lt" makes it run on libtorrent.

    ninja -C build/release cotorra_python
    PYTHONPATH=build/release/python /usr/bin/python3 chapters/12-downloader/lecture.py FILE.torrent [FOLDER]

Keys: p pausa, r reanuda, c cancela, s estado, q sale. What the slides leave out (getch, the loop, the
command line) is filled in with plain code."""
import os
import select
import sys
import termios
import time
import tty

import cotorra as lt

# By the number of status().state.
state_str = ["en cola", "verificando", "descargando metadatos", "descargando", "terminado", "compartiendo",
             "reservando espacio", "verificando lo ya descargado"]


def getch():
    """The key that was pressed in the last second, or None. Waits for that second at most."""
    if not select.select([sys.stdin], [], [], 1)[0]:
        return None
    return os.read(sys.stdin.fileno(), 1).decode(errors="replace") or None


def download_torrent(torrent_path_or_magnet, download_dir):
    ses = lt.session({'listen_interfaces': '0.0.0.0:6881'})

    print("Configurando la sesión libtorrent...")

    params = lt.add_torrent_params()
    params.save_path = download_dir

    if download_dir == '.':
        print("Los archivos se descargarán en el directorio actual.")
    else:
        print(f"Los archivos se descargarán en '{download_dir}'.")

    if torrent_path_or_magnet.startswith("magnet:"):
        print(f"Agregando magnet link: {torrent_path_or_magnet}")
        params.url = torrent_path_or_magnet
    elif os.path.exists(torrent_path_or_magnet):
        print(f"Agregando archivo .torrent: {torrent_path_or_magnet}")
        try:
            e = lt.bdecode(open(torrent_path_or_magnet, 'rb').read())
            info = lt.torrent_info(e)
            params.ti = info
        except Exception as e:
            print(f"Error al leer el archivo torrent: {e}")
            return
    else:
        print(f"No existe el archivo: {torrent_path_or_magnet}")
        return

    try:
        h = ses.add_torrent(params)
    except Exception as e:
        print(f"Error al agregar el torrent: {e}")
        return

    while not h.status().has_metadata:
        print("Esperando metadatos...")
        time.sleep(1)

    follow(ses, h)


def follow(ses, h):
    while True:
        s = h.status()
        print(f"\rEstado: {state_str[s.state]:<22} | Progreso: {s.progress * 100:5.2f}% | "
              f"Descargado: {s.total_payload_download / 1000:8.2f} kB | "
              f"Vel. Descarga: {s.download_rate / 1000:7.2f} kB/s | "
              f"Seeds: {s.num_seeds:3d} | Pares: {s.num_peers:3d} ", end='', flush=True)
        if s.is_finished:
            print("\nDescarga completa.")
            break
        char = getch()
        if char:
            char = char.lower()
            if char == 'p':
                h.pause()
                print("\nDescarga pausada.")
                time.sleep(2)
            elif char == 'r':
                h.resume()
                print("\nDescarga reanudada.")
                time.sleep(2)
            elif char == 'c':
                print("\nCancelando descarga...")
                ses.remove_torrent(h)
                print("Descarga cancelada.")
                break
            elif char == 's':
                print("\n--- Estado Actual ---")
                print(f"Estado: {state_str[s.state]}")
                print(f"Progreso: {s.progress * 100:.2f}%")
                print(
                    f"Descargado: {s.total_payload_download / 1000:.2f} kB")
                print(f"Subido: {s.total_payload_upload / 1000:.2f} kB")
                print(f"Vel. Descarga: {s.download_rate / 1000:.2f} kB/s")
                print(f"Vel. Subida: {s.upload_rate / 1000:.2f} kB/s")
                print(f"Seeds: {s.num_seeds}")
                print(f"Pares: {s.num_peers}")
                print("-" * 30)
                time.sleep(2)  # Pausa para que el usuario pueda leer
            elif char == 'q':
                print("\nSaliendo...")
                break


def main():
    if len(sys.argv) not in (2, 3):
        print("Uso: lecture.py ARCHIVO.torrent [CARPETA]", file=sys.stderr)
        return 2
    download_dir = sys.argv[2] if len(sys.argv) == 3 else '.'
    if not sys.stdin.isatty():
        print("Las teclas p r c s q necesitan una terminal.", file=sys.stderr)
        return 2
    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)                    # keys come at once, without Enter
    try:
        download_torrent(sys.argv[1], download_dir)
    except KeyboardInterrupt:
        print("\nSaliendo...")
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
    return 0


if __name__ == "__main__":
    sys.exit(main())
